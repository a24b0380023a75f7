/**
 * What orchestration costs: CPU time of a real orchestrator process per trial, and the memory that Redis needs, for
 * one large study. Trainers and plotter are simulated: they take real queue entries and write events as large as
 * real ones, with accuracies of recorded learning curves.
 *
 *   npm run bench -- orchestration [--trials 10000] [--epochs 30] [--slots 32] [--sampler random]
 */
import { setTimeout as delay } from 'node:timers/promises';
import { samplerNameSchema, type SamplerName } from '@onegin/contracts';
import { exampleConfig } from '@onegin/service-kit/testing';
import { spawnTrainers, startSimulatedPlotter } from '@onegin/simulation';
import type { Bench, BenchArgs, BenchResult } from './bench.ts';
import { startStudyStack, type StudyStack } from './scale/study-stack.ts';

const LIMIT_MS = 10;
/** Last tenth against the second; the first one pays for compilation. */
const LIMIT_GROWTH = 1.5;
const LIMIT_BYTES = 300e6;
const JOB = 'bench-orchestration';

interface Point {
  readonly trials: number;
  readonly cpuMs: number;
}

interface Run {
  /** Before the study, at each tenth of its trials, and when its search has ended. */
  readonly points: readonly Point[];
  /** What its end costs, once: the final model, the last charts, the archive with the whole log. */
  readonly endingMs: number;
  readonly events: number;
  readonly seconds: number;
  /** The most that Redis held at any time. */
  readonly redisBytes: number;
}

const bench: Bench = async (args) => {
  const trials = args.number('trials', 10_000);
  const epochs = args.number('epochs', 30);
  const sampler = samplerNameSchema.parse(args.list('sampler', ['random'])[0]);
  const run = await measure(args, { trials, epochs, sampler });
  const cost = (from: number, to: number): number => {
    const [a, b] = [run.points[from]!, run.points[to]!];
    return (b.cpuMs - a.cpuMs) / (b.trials - a.trials);
  };
  const [first, second, last] = [cost(0, 1), cost(1, 2), cost(9, 10)];
  const all = cost(0, 10) + run.endingMs / trials;
  return {
    title: 'Orchestration per trial',
    rows: [
      {
        trials,
        epochs,
        sampler,
        'CPU ms per trial': round(all),
        'first tenth': round(first),
        'second tenth': round(second),
        'last tenth': round(last),
        'last / second': round(last / second),
        'ending, CPU ms': round(run.endingMs),
        'events per trial': round(run.events / trials),
        'trials per second': round(trials / run.seconds),
        'Redis, MB': round(run.redisBytes / 1e6),
      },
    ],
    notes: [
      `CPU time (user and system) of one orchestrator process, whole chain with charts asked for; limits: ${LIMIT_MS} ms per trial, last tenth at most ${LIMIT_GROWTH} times the second. The end of the study (final model, last charts, archive of the whole log) comes once; it counts in the first figure, and not in the tenths.`,
      'Trainers and plotter are simulated: no network is trained. The sampler is part of the cost; `random` costs next to nothing.',
      `Redis: the most it used, queues and snapshot included, sampled twice a second; limit ${LIMIT_BYTES / 1e6} MB for 10,000 trials of 30 epochs.`,
    ],
    passed: all < LIMIT_MS && last < LIMIT_GROWTH * second && run.redisBytes < LIMIT_BYTES,
  } satisfies BenchResult;
};
export default bench;

const round = (value: number): number => Math.round(value * 100) / 100;

async function measure(
  args: BenchArgs,
  { trials, epochs, sampler }: { trials: number; epochs: number; sampler: SamplerName },
): Promise<Run> {
  const stack = await startStudyStack();
  const { redisUrl, logger, log } = stack;
  const trainers = await spawnTrainers({ redisUrl, trainers: args.number('slots', 32), fullSize: true });
  const plotter = await startSimulatedPlotter({ redisUrl, logger });
  try {
    const begin = performance.now();
    const cpuMs = async () => 1000 * (await stack.metric('process_cpu_seconds_total'));
    const points: Point[] = [{ trials: 0, cpuMs: await cpuMs() }];
    let redisBytes = 0;
    await stack.request(exampleConfig(JOB, { trials, epochs, sampler }));
    for (let looked = 0; points.length < 11;) {
      await delay(5);
      if (performance.now() - looked > 500) {
        looked = performance.now();
        redisBytes = Math.max(redisBytes, await stack.redisBytes());
      }
      const { completed, searched } = await progressOf(stack);
      if (points.length < 10 ? completed < (trials * points.length) / 10 : !searched) continue;
      points.push({ trials: searched ? trials : completed, cpuMs: await cpuMs() });
      args.progress(`${completed} of ${trials} trials, Redis ${round(redisBytes / 1e6)} MB`);
    }
    const seconds = (performance.now() - begin) / 1000;
    while ((await log.archivedAt(JOB)) === null) await delay(20);
    redisBytes = Math.max(redisBytes, await stack.redisBytes());
    const endingMs = (await cpuMs()) - points.at(-1)!.cpuMs;
    return { points, endingMs, events: await log.lastSeq(JOB), seconds, redisBytes };
  } finally {
    await Promise.all([trainers.stop(), plotter.close()]);
    await stack.stop();
  }
}

async function progressOf({ log }: StudyStack): Promise<{ completed: number; searched: boolean }> {
  const [status] = await log.jobStatuses([JOB]);
  if (status === 'failed' || status === 'cancelled')
    throw new Error(`expected the study to complete, it has ${status}`);
  const searched = status === 'finalizing' || status === 'completed';
  return { completed: (await log.trialCounts([JOB])).completed, searched };
}
