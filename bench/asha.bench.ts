/**
 * What asynchronous successive halving saves when trials are trained by real queues: paused trials wait with their
 * checkpoint and go on at any trainer. Orchestrator and Redis are real, trainers are simulated by recorded curves.
 *
 *   npm run bench -- asha [--trainers 1,16] [--seeds 5] [--trials 100] [--sampler random]
 */
import { samplerNameSchema, type SamplerName, type StudyEvent, type TrainingTarget } from '@onegin/contracts';
import { exampleConfig } from '@onegin/service-kit/testing';
import { digits, digitsSpace, spawnTrainers } from '@onegin/simulation';
import type { Bench } from './bench.ts';
import { startStudyStack, type StudyStack } from './scale/study-stack.ts';

/** Share of the full search's epochs in which ASHA has to find as good a network. */
const LIMIT = 0.4;
/** More trials than ASHA can come to: what ends its study is the value to reach. */
const MOST_TRIALS = 3000;

const bench: Bench = async (args) => {
  const sampler = samplerNameSchema.parse(args.list('sampler', ['random'])[0]);
  const seeds = Array.from({ length: args.number('seeds', 5) }, (_, seed) => seed + 1);
  const trials = args.number('trials', 100);
  const rows = [];
  for (const trainers of args.list('trainers', ['1', '16']).map(Number)) {
    args.progress(`${trainers} trainers`);
    rows.push(await compare({ trainers, sampler, seeds, trials }, args.progress));
  }
  return {
    title: 'ASHA over queues',
    rows,
    notes: [
      `${digits.accuracy.length} recorded networks, ${digits.epochs} epochs each; ${seeds.length} seeds, sampler ${sampler}. "Full search" trains ${trials} trials to the end; its best accuracy (median over the seeds) is what ASHA's study has to reach.`,
      'The share counts the epochs of all trials until a fully trained network is as good, median over the seeds. "Moved" counts trials that went on at another trainer than the one they had paused at.',
      `Limit: at most ${LIMIT} of the epochs.`,
    ],
    passed: rows.every((row) => row['share of the epochs'] <= LIMIT),
  };
};
export default bench;

interface Comparison {
  readonly trainers: number;
  readonly sampler: SamplerName;
  readonly seeds: readonly number[];
  readonly trials: number;
}

async function compare({ trainers, sampler, seeds, trials }: Comparison, progress: (text: string) => void) {
  const stack = await startStudyStack({ PLOTS: 'false' });
  const running = await spawnTrainers({ redisUrl: stack.redisUrl, trainers });
  const common = { epochs: digits.epochs, sampler, mode: 'simple' as const };
  try {
    const full: number[] = [];
    for (const seed of seeds) {
      progress(`full search, seed ${seed}`);
      full.push(best(await study(stack, `full-${seed}-study`, { ...common, seed, trials })));
    }
    const bar = median(full);
    const spent: number[] = [];
    let moved = 0;
    for (const seed of seeds) {
      progress(`ASHA, seed ${seed}`);
      const stop = { rule: 'target' as const, values: [bar] };
      const request = { ...common, seed, trials: MOST_TRIALS, pruner: 'asha' as const, stop };
      const events = await study(stack, `asha-${seed}-study`, request);
      spent.push(epochsUntil(events, bar));
      moved += movedTrials(events);
    }
    const budget = trials * digits.epochs;
    return {
      trainers,
      'full search, epochs': budget,
      'full search, median best': bar,
      'ASHA, epochs to as good': median(spent),
      'share of the epochs': Math.round((1000 * median(spent)) / budget) / 1000,
      'largest share': Math.round((1000 * Math.max(...spent)) / budget) / 1000,
      moved,
    };
  } finally {
    await running.stop();
    await stack.stop();
  }
}

async function study(
  stack: StudyStack,
  jobId: string,
  request: Parameters<typeof exampleConfig>[1],
): Promise<StudyEvent[]> {
  await stack.request({ ...exampleConfig(jobId, request), space: digitsSpace });
  await stack.completed(jobId);
  return stack.events(jobId);
}

const isOfTrial = (event: StudyEvent): boolean => 'target' in event && event.target !== 'final';

const best = (events: readonly StudyEvent[]): number =>
  Math.max(
    ...events
      .filter(isOfTrial)
      .map((event) => (event.type === 'TrainingCompleted' ? event.result.accuracy : 0)),
  );

/** Epochs of all trials until one has completed that is as good. */
function epochsUntil(events: readonly StudyEvent[], bar: number): number {
  let epochs = 0;
  for (const event of events.filter(isOfTrial)) {
    if (event.type === 'EpochEnded') epochs++;
    if (event.type === 'TrainingCompleted' && event.result.accuracy >= bar) return epochs;
  }
  return Infinity;
}

function movedTrials(events: readonly StudyEvent[]): number {
  const trainers = new Map<TrainingTarget, Set<string>>();
  for (const event of events)
    if (event.type === 'TrainingStarted')
      trainers.set(event.target, (trainers.get(event.target) ?? new Set()).add(event.trainer));
  return [...trainers.values()].filter((of) => of.size > 1).length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
