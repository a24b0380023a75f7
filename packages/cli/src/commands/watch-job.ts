/** Shows a job until it ends or Ctrl-C; what `optimize` and `watch` have in common. */
import type { GatewayClient } from '../client/gateway-client.ts';
import { followJob } from '../client/job-follower.ts';
import type { CliContext } from '../context.ts';
import type { Reporter } from '../progress/reporter.ts';

/** As shells say that a command was ended by Ctrl-C. */
export const INTERRUPTED = 130;

export async function watchJob(
  jobId: string,
  client: GatewayClient,
  reporter: Reporter,
  context: CliContext,
): Promise<void> {
  try {
    const state = await followJob(client, jobId, reporter, context.interrupted);
    reporter.ended(state);
    if (state.status !== 'completed') context.exit(1);
  } catch (error) {
    reporter.stop();
    if (!context.interrupted.aborted) throw error;
    context.stderr.write(
      `The job goes on. \`onegin watch ${jobId}\` shows it again, \`onegin cancel ${jobId}\` ends it.\n`,
    );
    context.exit(INTERRUPTED);
  }
}
