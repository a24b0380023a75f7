import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clockStep, logTicks, niceLimits, niceStep } from './ticks.ts';

describe('round axis ends', () => {
  it('are 1, 2, 5 times a power of ten', () => {
    expect([0.007, 0.011, 3, 0.5, 70].map(niceStep)).toEqual([0.01, 0.02, 5, 0.5, 100]);
    expect(niceStep(0)).toBe(1);
  });

  it('enclose the values in whole steps', () => {
    expect(niceLimits(0.911, 0.9502)).toEqual({ min: 0.91, max: 0.96, interval: 0.01 });
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        (low, span) => {
          const { min, max, interval } = niceLimits(low, low + span);
          expect(min).toBeLessThanOrEqual(low + 1e-6 * interval);
          expect(max).toBeGreaterThanOrEqual(low + span - 1e-6 * interval);
          expect((max - min) / interval).toBeLessThanOrEqual(7.001);
        },
      ),
    );
  });

  it('stand around a single value', () => {
    const { min, max } = niceLimits(0.5, 0.5);
    expect(min).toBeLessThan(0.5);
    expect(max).toBeGreaterThan(0.5);
    expect(niceLimits(0, 0)).toEqual({ min: -0.2, max: 0.2, interval: 0.2 });
  });
});

describe('other ticks', () => {
  it('are decades on a long logarithmic axis and more on a short one', () => {
    expect(logTicks(1e-5, 0.1)).toEqual([1e-5, 1e-4, 1e-3, 0.01, 0.1]);
    expect(logTicks(1e-4, 1e-2)).toEqual([1e-4, 3e-4, 1e-3, 3e-3, 1e-2]);
    expect(logTicks(15, 60)).toEqual([20, 30, 50]);
  });

  it('are those of a clock for seconds', () => {
    expect([clockStep(50, 6), clockStep(900, 7), clockStep(40_000, 6)]).toEqual([10, 300, 7200]);
    // Beyond the clock's steps whole days: 1e6 s are 11.6 days, in at most 5 steps.
    expect(clockStep(1e6, 5)).toBe(5 * 86_400);
  });
});
