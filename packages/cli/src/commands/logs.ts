/** `onegin logs JOB`: what the services wrote about a job. */
import { setTimeout as delay } from 'node:timers/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { jobLineText, lineLevels, type JobLine } from '@onegin/contracts';
import type { GatewayClient } from '../client/gateway-client.ts';
import { clientOf, withCommonOptions, type CliContext, type CommonOptions } from '../context.ts';

interface LogsOptions extends CommonOptions {
  readonly follow?: boolean;
  readonly trial?: string;
  readonly level?: string;
}

interface Page {
  readonly lines: JobLine[];
  readonly next: string | null;
  readonly more: boolean;
  readonly ended: boolean;
}

/** Between two looks for newer lines. */
const LOOK_AGAIN_MS = 1000;
/** After its end a job's services still say a word or two. */
const LAST_LOOKS = 2;

export function addLogs(program: Command, context: CliContext): void {
  const logs = program
    .command('logs')
    .description('what the services wrote about a job')
    .argument('<job>', 'its id')
    .option('-f, --follow', 'go on until the job ends')
    .option('--trial <n>', 'only about this trial: its number, or final', trialText)
    .option('--level <level>', `at least this level: ${lineLevels.join(', ')}`, levelText);
  withCommonOptions(logs).action(async (jobId: string, options: LogsOptions) => {
    const client = clientOf(options, context);
    const count = await showLines(jobId, client, options, context);
    if (count === 0 && !context.interrupted.aborted)
      context.stderr.write(
        `No such lines are kept of ${jobId}. \`onegin watch ${jobId}\` shows what happened to it.\n`,
      );
  });
}

/** @returns how many lines there were */
async function showLines(
  jobId: string,
  client: GatewayClient,
  options: LogsOptions,
  context: CliContext,
): Promise<number> {
  let after: string | null = null;
  let count = 0;
  for (let looks = LAST_LOOKS; !context.interrupted.aborted;) {
    const page: Page = await client.get<Page>(addressOf(jobId, after, options));
    for (const line of page.lines)
      context.stdout.write(options.json ? `${JSON.stringify(line)}\n` : `${jobLineText(line)}\n`);
    count += page.lines.length;
    after = page.next;
    if (page.more) continue;
    if (!options.follow || (page.ended && --looks < 0)) return count;
    await delay(LOOK_AGAIN_MS, undefined, { signal: context.interrupted }).catch(() => undefined);
  }
  return count;
}

function addressOf(jobId: string, after: string | null, { trial, level }: LogsOptions): string {
  const query = new URLSearchParams({
    ...(after !== null && { after }),
    ...(trial !== undefined && { trial }),
    ...(level !== undefined && { level }),
  });
  return `/api/jobs/${encodeURIComponent(jobId)}/logs?${query.toString()}`;
}

function trialText(text: string): string {
  if (!/^(final|\d{1,9})$/.test(text)) throw new InvalidArgumentError('expected its number, or final.');
  return text;
}

function levelText(text: string): string {
  if (!lineLevels.some((level) => level === text))
    throw new InvalidArgumentError(`expected one of ${lineLevels.join(', ')}.`);
  return text;
}
