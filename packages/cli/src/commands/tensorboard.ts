/** `onegin tensorboard JOB`: the event files of a job's trials in a folder, and TensorBoard over them. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Command } from 'commander';
import { OneginError, type TrialView } from '@onegin/contracts';
import { CliError } from '../cli-error.ts';
import type { GatewayClient } from '../client/gateway-client.ts';
import { fileNameOf, saveFile } from '../client/save-file.ts';
import { clientOf, print, withCommonOptions, type CliContext, type CommonOptions } from '../context.ts';
import { wholeNumber } from '../option-values.ts';

interface TensorboardOptions extends CommonOptions {
  readonly out?: string;
  readonly start?: boolean;
  readonly port: number;
}

const PROGRAM = 'tensorboard';
const INSTALL = `TensorBoard is not on your path; install it with: pip install ${PROGRAM}`;

export function addTensorboard(program: Command, context: CliContext): void {
  const command = program
    .command('tensorboard')
    .description("fetch the event files of a job's trials, and show them in TensorBoard")
    .argument('<job>', 'its id')
    .option('--out <folder>', 'where to; by default under the name of the run, in this folder')
    .option('--start', 'start TensorBoard over them; Ctrl-C ends it')
    .option('--port <port>', 'of that TensorBoard', wholeNumber(1, 65_535), 6006);
  withCommonOptions(command).action(async (jobId: string, options: TensorboardOptions) => {
    const client = clientOf(options, context);
    const { runName } = await client.get<{ runName: string }>(jobAddress(jobId));
    const folder = options.out ?? `${runName}-tensorboard`;
    const trials = await fetchEvents(client, jobId, folder);
    if (trials.length === 0)
      throw new CliError(
        `no trial of ${jobId} has left an event file yet: a trial does when it is completed`,
      );
    const shown = ['--logdir', folder, '--port', String(options.port)];
    print(
      context,
      options,
      { jobId, folder, trials, command: [PROGRAM, ...shown] },
      `${folder}: event files of ${trials.length} ${trials.length === 1 ? 'trial' : 'trials'}\n` +
        (options.start ? 'Starting TensorBoard over them.' : `To see them: ${PROGRAM} ${shown.join(' ')}`),
    );
    if (options.start) await runTensorboard(shown, context);
  });
}

const jobAddress = (jobId: string): string => `/api/jobs/${encodeURIComponent(jobId)}`;

/** @returns the trials that have left one; what is already there is fetched again, and is the same */
async function fetchEvents(client: GatewayClient, jobId: string, folder: string): Promise<number[]> {
  const { trials } = await client.get<{ trials: TrialView[] }>(
    `${jobAddress(jobId)}/trials?status=completed`,
  );
  const fetched: number[] = [];
  for (const { number } of trials) {
    const response = await eventFile(client, `${jobAddress(jobId)}/trials/${number}/tensorboard`);
    if (!response) continue;
    // TensorBoard calls a run by the folder that its file lies in.
    const own = join(folder, `trial_${number}`);
    await mkdir(own, { recursive: true });
    await saveFile(response, join(own, fileNameOf(response, `events.out.tfevents.${number}.onegin`)));
    fetched.push(number);
  }
  return fetched;
}

/** Null where the trial has none, such as one of a study that was taken in without its files. */
async function eventFile(client: GatewayClient, path: string): Promise<Response | null> {
  try {
    return await client.ask(path);
  } catch (error) {
    if (error instanceof OneginError && error.code === 'artifact-missing') return null;
    throw error;
  }
}

/** Runs until it ends or Ctrl-C. */
async function runTensorboard(options: readonly string[], context: CliContext): Promise<void> {
  const { environment, interrupted } = context;
  const path = (environment['PATH'] ?? '').split(delimiter);
  if (!path.some((folder) => existsSync(join(folder, PROGRAM)))) throw new CliError(INSTALL);
  const child = spawn(PROGRAM, options, { stdio: 'inherit', env: environment });
  const end = () => void child.kill();
  interrupted.addEventListener('abort', end);
  const status = await new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(new CliError(`cannot start ${PROGRAM}: ${error.message}`)));
    child.once('close', (code) => resolve(code ?? 0));
  }).finally(() => interrupted.removeEventListener('abort', end));
  if (status !== 0 && !interrupted.aborted) context.exit(status);
}
