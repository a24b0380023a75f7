import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dominates, insertIntoFront } from './pareto-front.ts';

const both = ['maximize', 'minimize'] as const;

describe('dominates', () => {
  it('is at least as good in every objective and better in one', () => {
    expect(dominates([2, 1], [1, 1], both)).toBe(true);
    expect(dominates([1, 1], [1, 2], both)).toBe(true);
    expect(dominates([2, 2], [1, 1], both)).toBe(false);
    expect(dominates([1, 1], [1, 1], both)).toBe(false);
  });

  it('lets a value that is not a number lose in either direction', () => {
    expect(dominates([0, 1], [NaN, 1], both)).toBe(true);
    expect(dominates([0, 1], [0, NaN], both)).toBe(true);
    expect(dominates([NaN, 1], [0, 1], both)).toBe(false);
  });
});

describe('a front', () => {
  it('holds, in any order of insertion, exactly what nothing dominates', () => {
    const points = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })), { maxLength: 12 });
    fc.assert(
      fc.property(points, (values) => {
        const front = values.reduce<number[]>(
          (kept, _, item) => insertIntoFront(kept, item, (n) => values[n]!, both),
          [],
        );
        const best = [...values.keys()].filter(
          (item) => !values.some((other) => dominates(other, values[item]!, both)),
        );
        expect([...front].sort((a, b) => a - b)).toEqual(best);
      }),
    );
  });
});
