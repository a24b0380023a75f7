/** `onegin jobs prune`: removes ended jobs for good. */
import type { Command } from 'commander';
import type { PruneAnswer, PruneRequest } from '@onegin/contracts';
import { CliError } from '../cli-error.ts';
import { clientOf, print, withCommonOptions, type CliContext, type CommonOptions } from '../context.ts';
import { seconds, wholeNumber } from '../option-values.ts';
import { table, utcMinute } from '../progress/text.ts';

interface PruneOptions extends CommonOptions {
  readonly olderThan?: number;
  readonly keep?: number;
  readonly dryRun?: boolean;
}

export function addPrune(jobs: Command, context: CliContext): void {
  const prune = jobs
    .command('prune')
    .description('remove ended jobs for good, with all their files')
    .option('--older-than <duration>', 'those that ended longer ago, such as 90d', seconds(0))
    .option('--keep <n>', 'keep this many of the jobs that ended last', wholeNumber(0, 9_999_999))
    .option('--dry-run', 'only say what would be removed');
  withCommonOptions(prune).action(async (_: unknown, command: Command) => {
    const options = command.optsWithGlobals<PruneOptions>();
    const { olderThan, keep, dryRun = false } = options;
    if (olderThan === undefined && keep === undefined)
      throw new CliError('expected --older-than, --keep, or both: they say what is removed');
    const request: PruneRequest = {
      ...(olderThan !== undefined && { olderThanSeconds: olderThan }),
      ...(keep !== undefined && { keep }),
      dryRun,
    };
    const answer = await clientOf(options, context).post<PruneAnswer>('/api/jobs/prune', request);
    print(context, options, answer, textOf(answer));
  });
}

function textOf({ jobs, kept, removed }: PruneAnswer): string {
  const bytes = jobs.reduce((sum, job) => sum + job.bytes, 0);
  const done = removed ? 'removed' : 'would be removed';
  const sum = `${jobs.length} ${jobs.length === 1 ? 'job' : 'jobs'} ${done} (${megabytes(bytes)}), ${kept} stay.`;
  if (jobs.length === 0) return sum;
  const rows = jobs.map(({ jobId, runName, endedAt, files, bytes: size }) => [
    jobId,
    runName,
    utcMinute(endedAt),
    String(files),
    megabytes(size),
  ]);
  return `${table(['job', 'run', 'ended (UTC)', 'files', 'size'], rows)}\n${sum}`;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
