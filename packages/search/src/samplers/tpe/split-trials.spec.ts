import { describe, expect, it } from '@jest/globals';
import type { Trial } from '../../trial-history.ts';
import { recencyWeights } from './recency-weights.ts';
import { belowCount, splitTrials } from './split-trials.ts';

const trial = (number: number, more: Partial<Trial>): Trial => ({
  number,
  params: {},
  state: 'completed',
  values: [number],
  reports: [],
  ...more,
});
const all = (trials: readonly Trial[]): number[] => trials.map((_, i) => i);

describe('the split into good trials and the rest', () => {
  it('takes a tenth, rounded up, at most 25 for one objective', () => {
    expect([1, 10, 11, 250, 1000].map((n) => belowCount(n, 1))).toEqual([1, 1, 2, 25, 25]);
    expect(belowCount(1000, 2)).toBe(100);
  });

  it('takes the best, the earlier of equals, and leaves outstanding trials above', () => {
    const trials = [3, 1, 2, 1, 0].map((value, i) => trial(i, { values: [value] }));
    trials.push(trial(5, { state: 'running', values: null }));
    const split = splitTrials(trials, all(trials), ['minimize'], () => 2);
    expect(split).toEqual({ below: [1, 4], above: [0, 2, 3, 5] });
    expect(splitTrials(trials, all(trials), ['maximize'], () => 1).below).toEqual([0]);
  });

  it('fills up with pruned trials, later steps and better values first, NaN last', () => {
    const reports = (step: number, value: number) => [{ step, values: [value] }];
    const trials = [
      trial(0, { state: 'pruned', values: [0], reports: reports(1, 0) }),
      trial(1, { state: 'paused', values: [9], reports: reports(3, 9) }),
      trial(2, { state: 'pruned', values: null, reports: reports(3, NaN) }),
      trial(3, { state: 'pruned', values: [8], reports: reports(3, 8) }),
      trial(4, {}),
    ];
    const below = (count: number) => splitTrials(trials, all(trials), ['minimize'], () => count).below;
    expect([below(1), below(2), below(3), below(4)]).toEqual([[4], [3, 4], [1, 3, 4], [1, 2, 3, 4]]);
  });

  it('takes infeasible trials last, by violation', () => {
    const trials = [
      trial(0, { constraints: [2, -5] }),
      trial(1, { constraints: [0.5, 0.5] }),
      trial(2, { constraints: [0, 0] }),
      trial(3, { constraints: [NaN] }),
    ];
    const below = (count: number) => splitTrials(trials, all(trials), ['minimize'], () => count).below;
    expect([below(1), below(2), below(3)]).toEqual([[2], [1, 2], [0, 1, 2]]);
  });

  it('takes whole ranks for several objectives, the last one cut by hypervolume', () => {
    const values = [
      [0, 4],
      [2, 2],
      [4, 0],
      [1.9, 2.1],
      [5, 5],
    ];
    const trials = values.map((value, i) => trial(i, { values: value }));
    const below = (count: number) =>
      splitTrials(trials, all(trials), ['minimize', 'minimize'], () => count).below;
    expect(below(4)).toEqual([0, 1, 2, 3]);
    expect(below(3)).toHaveLength(3);
    expect(below(1)).toHaveLength(1);
    expect(below(1)).not.toEqual([4]);
  });
});

describe('the weights of trials by age', () => {
  it('are all one below 25, then rise over the oldest', () => {
    expect([...recencyWeights(3)]).toEqual([1, 1, 1, 1]);
    const weights = recencyWeights(30);
    [1 / 30, (1 / 30 + 1) / 2, 1].forEach((value, i) => expect(weights[2 * i]).toBeCloseTo(value, 12));
    expect([...weights.slice(5)]).toEqual(Array.from({ length: 26 }, () => 1));
    expect(recencyWeights(26)[0]).toBe(1 / 26);
  });
});
