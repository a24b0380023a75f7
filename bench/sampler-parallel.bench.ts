/**
 * How many evaluations `auto` needs with 8 trials always outstanding, against one after another.
 *
 * --seeds 30 --trials 100 --outstanding 8 --problems branin,… --sampler auto
 */
import type { SamplerOptions } from '../packages/search/src/index.ts';
import type { Bench } from './bench.ts';
import { median, problems, rounded, runStudy } from './sampler-problems.ts';

const MOST = 1.2;
/** Medians are as good as each other to the six decimals that the frozen numbers of sampler-quality have. */
const RESOLUTION = 5e-7;

const bench: Bench = (args) => {
  const seeds = args.number('seeds', 30);
  const trials = args.number('trials', 100);
  const outstanding = args.number('outstanding', 8);
  const [name = 'auto'] = args.list('sampler', ['auto']);
  const sampler = { name } as SamplerOptions;
  const wanted = args.list(
    'problems',
    problems.map((problem) => problem.name),
  );
  const rows = problems
    .filter((problem) => wanted.includes(problem.name))
    .map((objective) => {
      const study = (seed: number, count: number, together: number) =>
        runStudy({ objective, sampler, seed, trials: count, outstanding: together });
      const range = Array.from({ length: seeds }, (_, seed) => seed);
      const alone = range.map((seed) => study(seed, trials, 1));
      const together = range.map((seed) => study(seed, Math.ceil(MOST * trials), outstanding));
      const goal = median(alone.map(({ best }) => best.at(-1)!));
      const curve = Array.from({ length: Math.ceil(MOST * trials) }, (_, i) =>
        median(together.map(({ best }) => best[i]!)),
      );
      const reached = curve.findIndex((value) => value <= goal + RESOLUTION) + 1;
      const alike = together.reduce((sum, result) => sum + result.alike, 0);
      args.progress(
        `${objective.name}: ${goal} after ${trials}; together ${curve.at(-1)!} after ${curve.length}, reached at ${reached}`,
      );
      return {
        problem: objective.name,
        sequential: rounded(goal),
        parallel: rounded(curve.at(-1)!),
        evaluations: reached === 0 ? `more than ${curve.length}` : reached,
        alike,
        holds: reached > 0 && alike === 0,
      };
    });
  return {
    title: `Samplers: ${outstanding} trials outstanding`,
    rows,
    notes: [
      `Sampler ${name}, ${seeds} seeds. \`sequential\` is the median best after ${trials} trials one after another; \`evaluations\` is how many it takes with ${outstanding} always outstanding until the median best is as good, \`parallel\` the median after ${Math.ceil(MOST * trials)}. \`alike\` counts pairs of equal trials that were outstanding together.`,
    ],
    passed: rows.every(({ holds }) => holds),
  };
};
export default bench;
