import { describe, expect, it } from '@jest/globals';
import { quantile } from './quantile.ts';

describe('quantile', () => {
  it('interpolates between order statistics like NumPy', () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
    expect(quantile([4, 1, 2, 3], 0.5)).toBe(2.5);
    expect(quantile([10, 20, 30, 40, 50], 0.1)).toBeCloseTo(14, 12);
    expect(quantile([7], 0.3)).toBe(7);
    expect([0, 1].map((q) => quantile([5, 9, 7], q))).toEqual([5, 9]);
  });

  it('never yields NaN for infinite values', () => {
    expect(quantile([1, Infinity], 0.5)).toBe(Infinity);
    expect(quantile([-Infinity, 1], 0.5)).toBe(-Infinity);
    expect(quantile([-Infinity, Infinity], 0.5)).toBe(-Infinity);
    expect(quantile([Infinity, Infinity], 0.5)).toBe(Infinity);
  });
});
