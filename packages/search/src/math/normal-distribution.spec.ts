import { describe, expect, it } from '@jest/globals';
import { frozenNumerics, largestError } from '../testing/frozen-numerics.ts';
import {
  erf,
  erfc,
  erfcx,
  normalCdf,
  normalLogCdf,
  normalLogMass,
  normalQuantile,
} from './normal-distribution.ts';

const { normal, quantile, logMass } = frozenNumerics;

describe('the normal distribution against SciPy', () => {
  it('has its distribution function, also in the tails', () => {
    expect(largestError(normal.x.map(normalCdf), normal.cdf, true)).toBeLessThan(1e-13);
    expect(largestError(normal.x.map(normalLogCdf), normal.logCdf, true)).toBeLessThan(1e-13);
  });

  it('has the error functions', () => {
    expect(largestError(normal.x.map(erf), normal.erf, true)).toBeLessThan(1e-14);
    expect(largestError(normal.x.map(erfc), normal.erfc, true)).toBeLessThan(1e-13);
    expect(
      largestError(
        normal.x.map((x) => erfcx(Math.abs(x))),
        normal.erfcx,
        true,
      ),
    ).toBeLessThan(1e-14);
  });

  it('has its quantiles', () => {
    expect(largestError(quantile.p.map(normalQuantile), quantile.x, true)).toBeLessThan(1e-13);
    expect([0, 1, -0.1, 1.1, NaN].map(normalQuantile)).toEqual([-Infinity, Infinity, NaN, NaN, NaN]);
  });

  it('has the logarithm of masses, also where the mass itself is below the smallest number', () => {
    const actual = logMass.map(({ a, b }) => normalLogMass(a, b));
    expect(
      largestError(
        actual,
        logMass.map(({ value }) => value),
      ),
    ).toBeLessThan(1e-9);
    expect(normalLogMass(0.5, 0.5)).toBe(-Infinity);
  });
});
