/**
 * Does TensorBoard read our event files? Writes one and lets TensorBoard's own readers tell every scalar and histogram
 * in it.
 *
 *   npm run verify:tensorboard
 *
 * Ends with status 1 when something is missing or has another value; where Python with TensorBoard is not available it
 * says so and ends with status 0.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trialMetricsExamples, type TrialMetrics } from '@onegin/contracts';
import { eventFileName, writeTensorboardEvents } from '@onegin/training';
import { kerasPython } from '../bench/keras-venv.ts';

const TENSORBOARD = 'tensorboard==2.21.0';
const folder = new URL('../.cache/verify-tensorboard/', import.meta.url).pathname;

interface Found {
  scalars: Record<string, [step: number, value: number][]>;
  histograms: Record<string, [step: number, counts: number[]][]>;
  plugins: Record<'scalars' | 'histograms', string[]>;
}

/** Three epochs of the contract's example, each with another loss. */
function exampleMetrics(): Pick<TrialMetrics, 'epochs' | 'histograms'> {
  const { epochs, histograms } = trialMetricsExamples[0]!;
  const three = [1, 2, 3];
  return {
    epochs: three.map((epoch) => ({ ...epochs[0]!, epoch, trainLoss: 1 / epoch })),
    histograms: three.map((epoch) => ({ ...histograms[0]!, epoch })),
  };
}

function problemsOf(
  { scalars, histograms, plugins }: Found,
  metrics: ReturnType<typeof exampleMetrics>,
): string[] {
  const problems: string[] = [];
  const losses = metrics.epochs.map(({ epoch, trainLoss }) => [epoch, Math.fround(trainLoss)]);
  const weights = metrics.histograms.map(({ epoch, weights }) => [epoch, weights?.counts]);
  const expect = (what: string, wanted: unknown, found: unknown): void => {
    if (JSON.stringify(wanted) !== JSON.stringify(found)) {
      problems.push(`${what}: expected ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`);
    }
  };
  expect('loss/train', losses, scalars['loss/train']);
  expect('weights/conv_1', weights, histograms['weights/conv_1']);
  expect('scalars of the web page', Object.keys(scalars).sort(), plugins.scalars);
  expect('histograms of the web page', Object.keys(histograms).sort(), plugins.histograms);
  return problems;
}

const python = kerasPython(console.log);
const installed =
  'path' in python && spawnSync(python.path, ['-m', 'pip', 'install', '--quiet', TENSORBOARD]).status === 0;
if (!('path' in python) || !installed) {
  console.log(`skipped: ${'missing' in python ? python.missing : `${TENSORBOARD} cannot be installed here`}`);
} else {
  const metrics = exampleMetrics();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const startedAt = new Date();
  writeFileSync(join(folder, eventFileName(startedAt, 'verify')), writeTensorboardEvents(metrics, startedAt));
  const script = new URL('verify-tensorboard/read-events.py', import.meta.url).pathname;
  const run = spawnSync(python.path, [script, folder], { encoding: 'utf8' });
  const answer = run.stdout.split('\n').find((line) => line.startsWith('{'));
  const problems = answer
    ? problemsOf(JSON.parse(answer) as Found, metrics)
    : [run.stderr.trim().slice(-500)];
  for (const problem of problems) console.log(problem);
  console.log(
    problems.length ? 'TensorBoard does not read what was written' : `${TENSORBOARD} reads all of it`,
  );
  process.exitCode = problems.length ? 1 : 0;
}
