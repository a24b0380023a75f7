import { describe, expect, it } from '@jest/globals';
import { frozenNumerics, largestError } from '../testing/frozen-numerics.ts';
import { normalLogDensity } from './normal-distribution.ts';
import { truncatedQuantile, truncationLogMass } from './truncated-normal.ts';

const cases = frozenNumerics.truncated;

describe('the truncated normal distribution against SciPy', () => {
  it('has its quantiles', () => {
    const actual = cases.map(({ u, mu, sigma, low, high }) => truncatedQuantile(u, mu, sigma, low, high));
    expect(
      largestError(
        actual,
        cases.map(({ x }) => x),
      ),
    ).toBeLessThan(1e-11);
  });

  it('has the masses of its log densities', () => {
    const actual = cases.map(
      ({ x, mu, sigma, low, high }) =>
        normalLogDensity((x - mu) / sigma) - Math.log(sigma) - truncationLogMass(mu, sigma, low, high),
    );
    expect(
      largestError(
        actual,
        cases.map(({ logDensity }) => logDensity),
      ),
    ).toBeLessThan(1e-11);
  });

  it('stays inside its range', () => {
    for (const u of [0, 1e-300, 1 - 1e-16, 1]) {
      const x = truncatedQuantile(u, 0.2, 1e-6, 0, 1);
      expect(x >= 0 && x <= 1).toBe(true);
    }
    expect(truncatedQuantile(0.5, 50, 0.1, 0, 1)).toBe(1);
  });

  it('cuts off nothing where both ends are far away', () => {
    expect(truncationLogMass(0.5, 0.01, 0, 1)).toBe(0);
  });
});
