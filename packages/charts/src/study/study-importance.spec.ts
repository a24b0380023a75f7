import { describe, expect, it } from '@jest/globals';
import { handStudy } from '../testing/hand-study.ts';
import { sampleStudy } from '../testing/sample-study.ts';
import { studyImportance } from './study-importance.ts';

describe('studyImportance', () => {
  it('finds the parameter that the values come from', () => {
    const trials = Array.from({ length: 60 }, (_, i) => {
      const share = ((i * 37) % 60) / 59;
      const units = 16 * (1 + (i % 4));
      return {
        params: { lr: 1e-4 * 1000 ** share, units, optimizer: 'adam' },
        accuracy: 1 - Math.abs(share - 0.5),
      };
    });
    const found = studyImportance(handStudy(trials));
    expect(found).toMatchObject({ available: true });
    const [first] = found.available ? found.shares : [];
    expect(first!.parameter).toBe('lr');
    expect(first!.importance).toBeGreaterThan(0.8);
  });

  it('takes an objective or the front', () => {
    const pareto = sampleStudy({ trials: 80, mode: 'pareto' });
    for (const objective of [undefined, 0, 2]) {
      const found = studyImportance(pareto, objective);
      const sum = found.available ? found.shares.reduce((total, { importance }) => total + importance, 0) : 0;
      expect(sum).toBeCloseTo(1, 9);
    }
  });

  it('says why there is none', () => {
    expect(studyImportance(handStudy([{}]))).toEqual({
      available: false,
      reason: expect.stringContaining('trials'),
    });
  });
});
