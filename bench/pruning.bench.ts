/**
 * What pruning saves, on recorded learning curves (validation accuracy of 945 small networks over 27 epochs).
 *
 * Bar: the best accuracy after the last epoch that trials × 27 epochs reach without pruning, one trial at a
 * time, median over the seeds. Measured: after how many epochs, of all trials together, a pruned study has
 * trained a network fully that is at least as good. Both use the same sampler.
 *
 *   --seeds 30   --trials 100 (of the bar)   --workers 1   --samplers random,tpe
 */
import type { PrunerOptionsInput } from '@onegin/contracts';
import { createPruner, createSuggester, type SamplerOptions } from '@onegin/search';
import { curveAt, simulateStudy, tableSpace, type CurveTable } from '@onegin/search/testing';
import { digits as table } from '@onegin/simulation';
import type { Bench } from './bench.ts';

/** Share of the unpruned study's epochs in which asha has to get as far. */
const LIMIT = 1 / 3;

const pruned: PrunerOptionsInput[] = [
  { name: 'asha' },
  { name: 'asha', mode: 'stop' },
  { name: 'hyperband' },
  { name: 'median' },
];

interface Run {
  /** Best fully trained accuracy so far, by epochs spent. */
  readonly improvements: readonly { readonly epochs: number; readonly accuracy: number }[];
  readonly epochs: number;
}

const bench: Bench = async (args) => {
  const seeds = Array.from({ length: args.number('seeds', 30) }, (_, seed) => seed);
  const trials = args.number('trials', 100);
  const workers = args.number('workers', 1);
  const budget = trials * table.epochs;
  const rows: Record<string, string | number | boolean>[] = [];
  let passed = true;
  for (const sampler of args.list('samplers', ['random', 'tpe'])) {
    const run = (pruner: PrunerOptionsInput, seed: number, count: number) =>
      runStudy(table, sampler as SamplerOptions['name'], pruner, seed, workers, budget, count);
    args.progress(`${sampler}, no pruning`);
    const full = seeds.map((seed) => bestAt(run({ name: 'none' }, seed, trials), budget));
    const bar = median(full);
    for (const pruner of pruned) {
      args.progress(`${sampler}, ${JSON.stringify(pruner)}`);
      // The table bounds the trials; the budget ends the study.
      const runs = seeds.map((seed) => run(pruner, seed, table.accuracy.length));
      const share = median(runs.map((r) => epochsTo(r, bar))) / budget;
      const fair = median(runs.map((r) => bestAt(r, budget * LIMIT)));
      // As many trials as without pruning, so that their number is no advantage.
      const same = seeds.map((seed) => run(pruner, seed, trials));
      const ok = share <= LIMIT && fair >= bar;
      if (pruner.name === 'asha' && Object.keys(pruner).length === 1) passed &&= ok;
      rows.push({
        sampler,
        pruner: describe(pruner),
        'bar (unpruned median best)': round(bar),
        'epochs to the bar, share': round(share),
        'median best at a third of the epochs': round(fair),
        'same trials: median best': round(median(same.map((r) => bestAt(r, Infinity)))),
        'same trials: share of epochs': round(median(same.map((r) => r.epochs)) / budget),
      });
    }
  }
  return {
    title: 'What pruning saves',
    rows,
    notes: [
      `Recorded curves: ${table.accuracy.length} networks, ${table.epochs} epochs each; ${seeds.length} seeds; unpruned: ${trials} trials one after another, ${budget} epochs; ${workers} worker${workers === 1 ? '' : 's'} with pruning.`,
      'A share counts the epochs of all trials until a fully trained network reaches the bar, median over seeds. "Same trials" stops asking after as many trials as the unpruned study and lets the paused ones be promoted to the end.',
      `Limit, checked for asha with its defaults and every sampler: at most ${round(LIMIT)} of the epochs, and the median best at that point not below the bar.`,
    ],
    passed,
  };
};
export default bench;

function runStudy(
  table: CurveTable,
  sampler: SamplerOptions['name'],
  options: PrunerOptionsInput,
  seed: number,
  workers: number,
  budget: number,
  trials: number,
): Run {
  const directions = ['maximize'] as const;
  const pruner = createPruner(options, { directions, maxSteps: table.epochs, seed });
  const suggester = createSuggester({
    space: tableSpace(table),
    directions,
    sampler: { name: sampler },
    seed,
  });
  const improvements: { epochs: number; accuracy: number }[] = [];
  let best = -Infinity;
  const { steps } = simulateStudy({
    pruner,
    trials,
    workers: options.name === 'none' ? 1 : workers,
    maxSteps: table.epochs,
    ask: (number, history) => suggester.suggest(number, pruner.peers(number, history)).params,
    report: (params, step) => [curveAt(table, params)[step - 1]],
    afterStep: (trial, epochs) => {
      const accuracy = trial.state === 'completed' ? trial.values![0] : -Infinity;
      if (accuracy > best) improvements.push({ epochs, accuracy: (best = accuracy) });
      return epochs >= budget;
    },
  });
  return { improvements, epochs: steps };
}

const bestAt = (run: Run, epochs: number): number =>
  run.improvements.findLast((improvement) => improvement.epochs <= epochs)?.accuracy ?? -Infinity;

const epochsTo = (run: Run, accuracy: number): number =>
  run.improvements.find((improvement) => improvement.accuracy >= accuracy)?.epochs ?? Infinity;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const round = (value: number): number => Number(value.toPrecision(4));

const describe = ({ name, ...options }: PrunerOptionsInput): string =>
  [name, ...Object.entries(options).map(([key, value]) => `${key} ${String(value)}`)].join(', ');
