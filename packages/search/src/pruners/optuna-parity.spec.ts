/** Where a pruner is Optuna's by name and options, it decides like Optuna's (frozen decisions). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { PrunerOptionsInput } from '@onegin/contracts';
import { signedRankPValue } from '../math/signed-rank-test.ts';
import { simulateStudy } from '../testing/simulate-study.ts';
import type { Direction, Trial } from '../trial-history.ts';
import { createPruner } from './create-pruner.ts';

interface Frozen {
  completed: (number | null)[][];
  queries: (number | null)[][];
  cases: { options: PrunerOptionsInput; direction: Direction; pruned: number[] }[];
  halving: {
    direction: Direction;
    reduction: number;
    minSteps: number;
    curves: number[][];
    lastSteps: number[];
  }[];
  signedRank: { differences: number[]; p: number }[];
}
const frozen = JSON.parse(
  readFileSync(new URL('./optuna-decisions.json', import.meta.url), 'utf8'),
) as Frozen;

const trial = (number: number, state: Trial['state'], curve: readonly (number | null)[]): Trial => {
  const reports = curve.map((value, i) => ({ step: i + 1, values: [value ?? NaN] }));
  return {
    number,
    params: {},
    state,
    values: state === 'completed' ? reports.at(-1)!.values : null,
    reports,
  };
};
const history = frozen.completed.map((curve, number) => trial(number, 'completed', curve));

describe('decisions of Optuna', () => {
  it.each(frozen.cases.map((c) => [JSON.stringify(c.options), c.direction, c] as const))(
    '%s, %s',
    (_name, direction, { options, pruned }) => {
      const pruner = createPruner(options, { directions: [direction], maxSteps: 8, seed: 0 });
      frozen.queries.forEach((curve, i) => {
        // The signed-rank pruner of Optuna leaves NaN steps out; here a NaN step is worse than any other.
        if (options.name === 'wilcoxon' && curve.includes(null)) return;
        const judged = pruner.judge(trial(99, 'running', curve), history);
        expect({ query: i, pruned: judged.verdict === 'prune' }).toEqual({
          query: i,
          pruned: pruned[i] === 1,
        });
      });
    },
  );

  it.each(frozen.halving.map((h) => [h.reduction, h.minSteps, h.direction, h] as const))(
    'successive halving by %i from step %i, %s: every trial ends at the same step',
    (reduction, minSteps, direction, { curves, lastSteps }) => {
      const { history: ended } = simulateStudy({
        pruner: createPruner(
          { name: 'asha', mode: 'stop', reduction, minSteps },
          { directions: [direction], maxSteps: 16, seed: 0 },
        ),
        trials: curves.length,
        workers: 1,
        maxSteps: 16,
        ask: () => ({}),
        report: (_params, step, number) => [curves[number][step - 1]],
      });
      expect(ended.map((t) => t.reports.length)).toEqual(lastSteps);
    },
  );
});

describe('signedRankPValue', () => {
  it.each(frozen.signedRank.map((s) => [s.differences.length, s] as const))(
    'is that of SciPy for %i differences',
    (_n, { differences, p }) => {
      expect(Math.abs(signedRankPValue(differences) - p)).toBeLessThan(1e-12);
    },
  );

  it('counts sign patterns by hand where there are ties and zeros', () => {
    // Ranks 1, 2.5, 2.5; the zero moves nothing. W = 5: patterns {2.5, 2.5} and {1, 2.5, 2.5} of 4.
    expect(signedRankPValue([0, 3, 3])).toBe(1 / 4);
    // Ranks 1.5, 1.5, 3 and W = 4.5: {1.5, 3} twice and all three, of 8.
    expect(signedRankPValue([-1, 1, 2])).toBe(3 / 8);
    expect(signedRankPValue([1, 2, Infinity])).toBe(1 / 8);
  });

  it('is 1 where nothing differs', () => {
    expect(signedRankPValue([])).toBe(1);
    expect(signedRankPValue([0, 0])).toBe(1);
  });
});
