/** Looking at jobs and ending them. */
import type { Command } from 'commander';
import type { JobSummary } from '@onegin/contracts';
import { clientOf, print, withCommonOptions, type CliContext, type CommonOptions } from '../context.ts';
import { makeReporter } from '../progress/reporter.ts';
import { wholeNumber } from '../option-values.ts';
import { decimal, table, utcMinute } from '../progress/text.ts';
import { addPrune } from './prune-jobs.ts';
import { addStudyFiles } from './study-files.ts';
import { watchJob } from './watch-job.ts';

export function addJobCommands(program: Command, context: CliContext): void {
  const watch = program.command('watch').description('show a job until it ends').argument('<job>', 'its id');
  withCommonOptions(watch).action((jobId: string, options: CommonOptions) =>
    watchJob(jobId, clientOf(options, context), makeReporter(context, options.json ?? false), context),
  );

  const jobs = program
    .command('jobs')
    .description('list jobs, newest first')
    .option('--limit <n>', 'how many', wholeNumber(0, 9999), 20);
  withCommonOptions(jobs).action((options: CommonOptions & { limit: number }) => listJobs(options, context));

  addStudyFiles(jobs, context);
  addPrune(jobs, context);

  const cancel = program.command('cancel').description('cancel a job').argument('<job>', 'its id');
  withCommonOptions(cancel).action(async (jobId: string, options: CommonOptions) => {
    const path = `/api/jobs/${encodeURIComponent(jobId)}/cancel`;
    const answer = await clientOf(options, context).post<{ status: string }>(path);
    const done = answer.status === 'cancelled';
    print(context, options, answer, done ? `Job ${jobId} is cancelled.` : `Job ${jobId} is being cancelled.`);
  });
}

async function listJobs(options: CommonOptions & { limit: number }, context: CliContext): Promise<void> {
  const client = clientOf(options, context);
  const page = await client.get<{ jobs: JobSummary[]; next: string | null }>(
    `/api/jobs?limit=${options.limit}`,
  );
  const rows = page.jobs.map(({ jobId, status, dataset, mode, name, progress, bestTrial, createdAt }) => [
    jobId,
    status,
    `${progress.completedTrials + progress.prunedTrials + progress.failedTrials}/${progress.totalTrials}`,
    decimal(bestTrial?.accuracy),
    decimal(bestTrial?.healthScore),
    name ? `${dataset} (${name})` : dataset,
    mode,
    utcMinute(createdAt),
  ]);
  const headings = ['job', 'status', 'trials', 'accuracy', 'health', 'dataset', 'mode', 'started (UTC)'];
  const empty = 'There are no jobs yet. onegin optimize --dataset mnist-10k starts one.';
  print(context, options, page, rows.length > 0 ? table(headings, rows) : empty);
}
