import { describe, expect, it } from '@jest/globals';
import { frozenNumerics, largestError } from '../testing/frozen-numerics.ts';
import { logExpectedImprovement, logImprovementShape, logProbabilityBelow } from './expected-improvement.ts';

const h = 1e-6;

describe('the logarithm of expected improvement', () => {
  it('is right from far above to far below the best (against 60-digit arithmetic)', () => {
    const { z, value } = frozenNumerics.logShape;
    expect(largestError(z.map(logImprovementShape), value, true)).toBeLessThan(1e-9);
  });

  it.each([
    ['improvement', logExpectedImprovement],
    ['probability', logProbabilityBelow],
  ])('has derivatives that agree with differences: %s', (_, f) => {
    for (const [mean, deviation] of [
      [0.3, 0.5],
      [-1, 0.2],
      [2, 0.3],
      [8, 0.1],
    ] as const) {
      const { byMean, byDeviation } = f(mean, deviation, 0);
      const slope = (f(mean + h, deviation, 0).value - f(mean - h, deviation, 0).value) / (2 * h);
      const widening = (f(mean, deviation + h, 0).value - f(mean, deviation - h, 0).value) / (2 * h);
      expect(Math.abs(byMean - slope)).toBeLessThan(1e-4 * Math.max(1, Math.abs(slope)));
      expect(Math.abs(byDeviation - widening)).toBeLessThan(1e-4 * Math.max(1, Math.abs(widening)));
    }
  });
});
