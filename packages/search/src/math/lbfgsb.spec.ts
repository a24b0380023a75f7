import { describe, expect, it } from '@jest/globals';
import { frozenNumerics, largestError } from '../testing/frozen-numerics.ts';
import { minimizeInBox } from './lbfgsb.ts';

function rosenbrock(x: Float64Array, gradient: Float64Array): number {
  let sum = 0;
  gradient.fill(0);
  for (let i = 0; i + 1 < x.length; i++) {
    const bend = x[i + 1]! - x[i]! ** 2;
    sum += 100 * bend ** 2 + (1 - x[i]!) ** 2;
    gradient[i]! += -400 * bend * x[i]! - 2 * (1 - x[i]!);
    gradient[i + 1]! += 200 * bend;
  }
  return sum;
}

describe('minimizing in a box', () => {
  frozenNumerics.box.forEach(({ low, high, start, x, value }, i) => {
    it(`finds what SciPy's L-BFGS-B finds (case ${i + 1})`, () => {
      const options = { maxIterations: 1000, gradientTolerance: 1e-9, valueTolerance: 1e-16 };
      const found = minimizeInBox({ evaluate: rosenbrock, low, high }, start, options);
      expect(largestError(found.x, x)).toBeLessThan(1e-6);
      expect(found.value).toBeCloseTo(value, 9);
    });
  });

  it('backs away from values that are not numbers', () => {
    const evaluate = (x: Float64Array, gradient: Float64Array): number => {
      gradient[0] = 1 - 1 / x[0]!;
      return x[0]! > 2 ? NaN : x[0]! - Math.log(x[0]!);
    };
    const found = minimizeInBox({ evaluate, low: [1e-6], high: [100] }, [1.99]);
    expect(found.x[0]).toBeCloseTo(1, 3);
  });

  it('stays where the start has no value', () => {
    const found = minimizeInBox({ evaluate: () => NaN, low: [0], high: [1] }, [0.5]);
    expect([...found.x]).toEqual([0.5]);
  });
});
