import { describe, expect, it } from '@jest/globals';
import { learningRateAt, stoppedImproving } from './schedule.ts';

const rate = (
  schedule: 'constant' | 'step' | 'cosine' | 'exponential' | 'plateau',
  epoch: number,
  { warmupEpochs = 0, losses = [] as number[], epochs = 10 } = {},
) => learningRateAt({ learningRate: 1, schedule, warmupEpochs }, { epoch, epochs, validationLosses: losses });

describe('learningRateAt', () => {
  it('stays, steps, waves and decays', () => {
    expect([0, 5, 9.9].map((epoch) => rate('constant', epoch))).toEqual([1, 1, 1]);
    const steps = [0, 4.9, 5, 7.4, 7.5, 9.9].map((epoch) => rate('step', epoch));
    [1, 1, 0.1, 0.1, 0.01, 0.01].forEach((expected, i) => expect(steps[i]).toBeCloseTo(expected, 10));
    expect(rate('cosine', 0)).toBe(1);
    expect(rate('cosine', 5)).toBeCloseTo(0.5);
    expect(rate('cosine', 10)).toBeCloseTo(0);
    expect(rate('exponential', 5)).toBeCloseTo(0.1);
    expect(rate('exponential', 10)).toBeCloseTo(0.01);
  });

  it('climbs during warm-up, never from zero, and spreads the schedule over the rest', () => {
    expect(rate('cosine', 0, { warmupEpochs: 2 })).toBeCloseTo(0.001);
    expect(rate('cosine', 1, { warmupEpochs: 2 })).toBeCloseTo(0.5);
    expect(rate('cosine', 2, { warmupEpochs: 2 })).toBe(1);
    expect(rate('cosine', 6, { warmupEpochs: 2 })).toBeCloseTo(0.5);
    expect(rate('constant', 0.5, { warmupEpochs: 50 })).toBeCloseTo(0.05);
  });

  it('halves on a plateau of two epochs', () => {
    expect(rate('plateau', 3, { losses: [1, 0.9, 0.8] })).toBe(1);
    expect(rate('plateau', 4, { losses: [1, 0.8, 0.9, 0.85] })).toBe(0.5);
    expect(rate('plateau', 6, { losses: [1, 0.8, 0.9, 0.85, 0.9, 0.9] })).toBe(0.25);
    expect(rate('plateau', 6, { losses: [1, 0.8, 0.9, 0.7, 0.9, 0.6] })).toBe(1);
  });
});

describe('stoppedImproving', () => {
  it('waits for the patience, and never stops without one', () => {
    expect(stoppedImproving([1, 0.9, 0.95, 0.96], 2)).toBe(true);
    expect(stoppedImproving([1, 0.9, 0.95, 0.89], 2)).toBe(false);
    expect(stoppedImproving([1, 2], 2)).toBe(false);
    expect(stoppedImproving([1, 2, 3, 4], 0)).toBe(false);
  });
});
