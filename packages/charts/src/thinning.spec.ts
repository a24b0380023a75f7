import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bucketExtremes, evenIndices, extent, quantile, thinned } from './thinning.ts';

describe('evenIndices', () => {
  it('keeps all of few, and the ends of many', () => {
    expect(evenIndices(3, 5)).toEqual([0, 1, 2]);
    expect(evenIndices(11, 3)).toEqual([0, 5, 10]);
    expect(evenIndices(0, 3)).toEqual([]);
    expect(evenIndices(9, 1)).toEqual([8]);
  });
});

describe('thinned', () => {
  it('keeps the order, the limit, and what must stay', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 20, max: 100 }), (count, limit) => {
        const items = Array.from({ length: count }, (_, i) => i);
        const kept = thinned(items, limit, (item) => item % 31 === 0);
        expect(kept.length).toBe(Math.min(count, limit));
        expect(kept).toEqual([...kept].sort((a, b) => a - b));
        for (let i = 0; i < count; i += 31) expect(kept).toContain(i);
      }),
    );
  });

  it('spreads those to keep where they are too many themselves', () => {
    expect(thinned([0, 1, 2, 3, 4, 5, 6, 7, 8], 3, () => true)).toEqual([0, 4, 8]);
  });
});

describe('bucketExtremes', () => {
  it('keeps every spike of a long series', () => {
    const points = Array.from({ length: 10_000 }, (_, i): [number, number] => [
      i,
      i === 777 ? 50 : i === 5001 ? -50 : 0,
    ]);
    const kept = bucketExtremes(points, 100);
    expect(kept.length).toBeLessThanOrEqual(200);
    expect(kept).toContainEqual([777, 50]);
    expect(kept).toContainEqual([5001, -50]);
  });

  it('leaves out what is not finite, and thins nothing that is short', () => {
    expect(
      bucketExtremes(
        [
          [0, 1],
          [1, Number.NaN],
          [2, 3],
        ],
        5,
      ),
    ).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });
});

describe('extent and quantile', () => {
  it('pass over what is missing', () => {
    expect(extent([null, 3, Number.NaN, -1, undefined, Infinity])).toEqual([-1, 3]);
    expect(extent([null])).toBeNull();
    expect(quantile([1, 2, 4], 0.75)).toBe(3);
    expect(quantile([], 0.5)).toBeNaN();
  });

  it('take more values than a call takes arguments', () => {
    expect(extent(new Float64Array(300_000).fill(2))).toEqual([2, 2]);
  });
});
