import { describe, expect, it } from '@jest/globals';
import type { PrunerOptionsInput } from '@onegin/contracts';
import { completed, running } from '../testing/trials.ts';
import type { Direction, Trial } from '../trial-history.ts';
import { createPruner } from './create-pruner.ts';

const judge = (
  options: PrunerOptionsInput,
  trial: Trial,
  history: readonly Trial[] = [],
  directions: readonly Direction[] = ['minimize'],
) => createPruner(options, { directions, maxSteps: 10, seed: 0 }).judge(trial, history);

describe('median and percentile', () => {
  const five = [1, 2, 3, 4, 5].map((value, i) => completed(i, [9, value]));

  it('compares the best report so far with what completed trials reported at the step', () => {
    expect(judge({ name: 'median' }, running(9, [9, 3.1]), five)).toEqual({
      verdict: 'prune',
      reason: 'worse: best value 3.1 against 3, the median of 5 completed trials at step 2',
    });
    expect(judge({ name: 'median' }, running(9, [2.9, 3.1]), five).verdict).toBe('continue');
    expect(judge({ name: 'percentile', percentile: 25 }, running(9, [9, 2.1]), five).verdict).toBe('prune');
    expect(judge({ name: 'percentile', percentile: 0 }, running(9, [9, 1]), five).verdict).toBe('continue');
    expect(judge({ name: 'percentile', percentile: 100 }, running(9, [9, 5]), five).verdict).toBe('continue');
  });

  it('waits for start-up trials and ignores all that did not complete', () => {
    const unfinished = five.map((t): Trial => ({ ...t, state: 'pruned' }));
    expect(judge({ name: 'median' }, running(9, [9, 9]), five.slice(1)).reason).toBe(
      '4 of 5 start-up trials completed',
    );
    expect(judge({ name: 'median', startupTrials: 0 }, running(9, [9, 9]), unfinished).verdict).toBe(
      'continue',
    );
  });

  it('leaves diverged completed trials out of the bar and tied trials alone', () => {
    const withNaN = [...five.slice(0, 3), completed(3, [9, NaN]), completed(4, [9, Infinity])];
    expect(judge({ name: 'median' }, running(9, [9, 2.1]), withNaN).verdict).toBe('prune');
    const tied = five.map((t) => completed(t.number, [9, 3]));
    expect(judge({ name: 'median' }, running(9, [9, 3]), tied).verdict).toBe('continue');
  });

  it('compares ranks of nondomination with several objectives', () => {
    const directions: Direction[] = ['minimize', 'minimize'];
    const ladder = [1, 2, 3, 4, 5].map((v, i) => completed(i, [[v, v]]));
    const at = (...values: number[]) => judge({ name: 'median' }, running(9, [values]), ladder, directions);
    expect(at(2.5, 2.5)).toEqual({
      verdict: 'continue',
      reason: 'good enough: best rank 2 against rank 2, the median of 5 completed trials at step 1',
    });
    expect(at(3.5, 3.5).verdict).toBe('prune');
    // Good in one objective is enough not to be dominated.
    expect(at(0.5, 99).verdict).toBe('continue');
    expect(at(0.5, NaN).verdict).toBe('prune');
  });
});

describe('threshold', () => {
  it('prunes outside the bounds, which themselves are fine, and NaN', () => {
    const options = { name: 'threshold', lower: 0, upper: 1 } as const;
    const verdicts = [0, 1, -0.1, 1.1, NaN, Infinity].map((v) => judge(options, running(0, [v])).verdict);
    expect(verdicts).toEqual(['continue', 'continue', 'prune', 'prune', 'prune', 'prune']);
  });

  it('looks at one objective only', () => {
    const options = { name: 'threshold', upper: 1, objective: 1 } as const;
    const both: Direction[] = ['minimize', 'maximize'];
    expect(judge(options, running(0, [[9, 0]]), [], both).verdict).toBe('continue');
    expect(judge(options, running(0, [[0, 9]]), [], both).verdict).toBe('prune');
    expect(() => judge(options, running(0, []))).toThrow(
      'pruner.objective: expected the index of one of 1 objectives, counted from 0, found 1',
    );
  });

  it('judges the first report of every interval after the warm-up', () => {
    const options = { name: 'threshold', upper: 0, warmupSteps: 2, interval: 3 } as const;
    const pruned = Array.from({ length: 9 }, (_, i) => i + 1).filter(
      (step) => judge(options, running(0, new Array<number>(step).fill(1))).verdict === 'prune',
    );
    expect(pruned).toEqual([3, 6, 9]);
  });
});

describe('patient', () => {
  it('prunes after its patience of reports without improvement', () => {
    const options = { name: 'patient', patience: 2 } as const;
    const verdict = (...curve: number[]) => judge(options, running(0, curve)).verdict;
    expect(verdict(1, 2)).toBe('continue');
    expect(verdict(1, 2, 2)).toBe('prune');
    expect(verdict(1, 1, 1)).toBe('prune');
    expect(verdict(1, 2, 0.9)).toBe('continue');
    expect(verdict(1, NaN, NaN)).toBe('prune');
    expect(verdict(NaN, NaN, 1)).toBe('continue');
    expect(verdict(-Infinity, -Infinity, -Infinity)).toBe('prune');
  });

  it('asks for more than minDelta, in any objective', () => {
    const options = { name: 'patient', patience: 1, minDelta: 0.5 } as const;
    expect(judge(options, running(0, [2, 1.5])).verdict).toBe('prune');
    expect(judge(options, running(0, [2, 1.4])).verdict).toBe('continue');
    const both: Direction[] = ['minimize', 'maximize'];
    expect(
      judge(
        options,
        running(0, [
          [2, 2],
          [9, 2.6],
        ]),
        [],
        both,
      ).verdict,
    ).toBe('continue');
    expect(
      judge(
        options,
        running(0, [
          [2, 2],
          [1.9, 2.1],
        ]),
        [],
        both,
      ).verdict,
    ).toBe('prune');
  });

  it('leaves the decision to the wrapped pruner once patience is over', () => {
    const options = (upper: number): PrunerOptionsInput => ({
      name: 'patient',
      patience: 1,
      wrapped: { name: 'threshold', upper },
    });
    expect(judge(options(5), running(0, [1, 2])).verdict).toBe('continue');
    expect(judge(options(1.5), running(0, [1, 2])).verdict).toBe('prune');
    expect(judge(options(1.5), running(0, [3, 2])).verdict).toBe('continue');
  });
});

describe('wilcoxon', () => {
  const best = completed(0, [1, 1, 1, 1, 1]);
  const other = completed(1, [2, 2, 2, 2, 2]);

  it('prunes what is consistently worse than the best trial', () => {
    expect(judge({ name: 'wilcoxon' }, running(9, [1.5, 1.6, 1.7, 1.8]), [other, best])).toEqual({
      verdict: 'prune',
      reason: 'worse than trial 0 over 4 shared steps (p = 0.0625 < 0.1)',
    });
    expect(judge({ name: 'wilcoxon' }, running(9, [1.5, 1.6, 1.7]), [other, best]).verdict).toBe('continue');
    expect(judge({ name: 'wilcoxon' }, running(9, [1, 1, 1, 1]), [other, best]).verdict).toBe('continue');
  });

  it('spares a trial whose mean is better, whatever the ranks say', () => {
    const curve = [1.1, 1.2, 1.3, 1.4, -9];
    expect(judge({ name: 'wilcoxon', pThreshold: 0.9 }, running(9, curve), [best]).verdict).toBe('continue');
  });

  it('uses shared steps only and needs two of them', () => {
    const late: Trial = { ...running(9, []), reports: [5, 6, 7].map((step) => ({ step, values: [9] })) };
    expect(judge({ name: 'wilcoxon', startupSteps: 0 }, late, [best]).reason).toBe(
      '1 of 2 needed steps shared with trial 0',
    );
    expect(judge({ name: 'wilcoxon' }, running(9, [9, 9]), []).reason).toBe(
      'no completed trial to compare with',
    );
  });

  it('compares with every trial of the Pareto front, by domination', () => {
    const both: Direction[] = ['minimize', 'minimize'];
    const flat = (number: number, values: number[]) => completed(number, new Array<number[]>(5).fill(values));
    const front = [flat(0, [0, 4]), flat(1, [4, 0])];
    const at = (values: number[]) =>
      judge({ name: 'wilcoxon' }, running(9, new Array<number[]>(5).fill(values)), front, both).verdict;
    expect(at([5, 1])).toBe('prune');
    expect(at([2, 2])).toBe('continue');
  });
});
