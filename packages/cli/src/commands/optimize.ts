import type { Command } from 'commander';
import { clientOf, print, withCommonOptions, type CliContext, type CommonOptions } from '../context.ts';
import { makeReporter } from '../progress/reporter.ts';
import { addRequestOptions, requestOf } from '../request-options.ts';
import { watchJob } from './watch-job.ts';

interface OptimizeOptions extends CommonOptions, Record<string, unknown> {
  readonly watch: boolean;
}

/** `onegin optimize --dataset mnist-10k` */
export function addOptimize(program: Command, context: CliContext): void {
  const command = program.command('optimize').description('start a job and watch it');
  addRequestOptions(command);
  command.option('--watch', 'show the job until it ends (default)').option('--no-watch', 'only start it');
  withCommonOptions(command).action(async (options: OptimizeOptions) => {
    const client = clientOf(options, context);
    const accepted = await client.post<{ jobId: string; runName: string }>(
      '/api/optimize',
      requestOf(options),
    );
    if (options.watch === false) {
      const { jobId, runName } = accepted;
      print(context, options, accepted, `Job ${jobId} (${runName}). onegin watch ${jobId} shows it.`);
      return;
    }
    const reporter = makeReporter(context, options.json ?? false);
    reporter.accepted(accepted);
    await watchJob(accepted.jobId, client, reporter, context);
  });
}
