import { describe, expect, it } from '@jest/globals';
import { goodness, limitsOf, shareLimits, shownRange } from './scored-trials.ts';

describe('shownRange', () => {
  it('leaves out values far below, and none that are far above', () => {
    const values = [0.1, 0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97];
    expect(shownRange(values, 'maximize')).toEqual({ low: 0.9, high: 0.97, beyond: 1 });
    expect(
      shownRange(
        values.map((v) => -v),
        'minimize',
      ),
    ).toEqual({ low: -0.97, high: -0.9, beyond: 1 });
    expect(shownRange([...values.slice(1), 5], 'maximize')).toEqual({ low: 0.9, high: 5, beyond: 0 });
  });

  it('keeps every one of a few, and is null of none', () => {
    expect(shownRange([0.1, 0.9, 0.91], 'maximize')).toEqual({ low: 0.1, high: 0.91, beyond: 0 });
    expect(shownRange([], 'maximize')).toBeNull();
  });

  it('keeps ties', () => {
    expect(shownRange(Array<number>(20).fill(0.5), 'maximize')).toEqual({ low: 0.5, high: 0.5, beyond: 0 });
  });
});

describe('places on the color scale', () => {
  const range = { low: 2, high: 4, beyond: 0 };
  it('run from worst to best and stop at the ends', () => {
    expect([2, 3, 4, 9].map((v) => goodness(v, range, 'maximize'))).toEqual([0, 0.5, 1, 1]);
    expect([2, 3, 4, 9].map((v) => goodness(v, range, 'minimize'))).toEqual([1, 0.5, 0, 0]);
  });

  it('are the best where all values are one', () => {
    const one = { low: 2, high: 2, beyond: 0 };
    expect([goodness(2, one, 'maximize'), goodness(2, one, 'minimize')]).toEqual([1, 1]);
  });
});

describe('axis limits', () => {
  it('are round, and stay in [0, 1] for shares', () => {
    expect(limitsOf({ low: 0.912, high: 0.948, beyond: 0 })).toEqual({
      min: 0.91,
      max: 0.95,
      interval: 0.01,
    });
    expect(shareLimits({ low: 0, high: 1, beyond: 0 })).toMatchObject({ min: 0, max: 1 });
    expect(limitsOf(null)).toEqual({ min: 0, max: 1, interval: 0.2 });
  });
});
