import { describe, expect, it } from '@jest/globals';
import { prunerNames, prunerOptionsExamples, prunerOptionsSchema } from './pruner-options.ts';

const problems = (options: unknown) =>
  prunerOptionsSchema.safeParse(options).error?.issues.map((i) => `${i.path.join('.')}: ${i.message}`) ?? [];

describe('prunerOptionsSchema', () => {
  it('accepts every example and fills in the defaults', () => {
    for (const example of prunerOptionsExamples) expect(problems(example)).toEqual([]);
    expect(prunerOptionsSchema.parse({ name: 'asha' })).toEqual({
      name: 'asha',
      minSteps: 1,
      reduction: 3,
      mode: 'promote',
    });
  });

  it('knows eight pruners', () => {
    expect([...prunerNames].sort()).toEqual([
      'asha',
      'hyperband',
      'median',
      'none',
      'patient',
      'percentile',
      'threshold',
      'wilcoxon',
    ]);
  });

  it('refuses an unknown name with the list of names', () => {
    expect(problems({ name: 'meadian' })).toEqual([
      'name: expected the name of a pruner: none, median, percentile, threshold, asha, hyperband, wilcoxon, patient',
    ]);
    expect(problems({ name: 'patient', wrapped: { name: 'patient' } })[0]).toMatch(
      /^wrapped\.name: expected the name of a pruner: none, .*wilcoxon$/,
    );
  });

  it('takes values at the ends of their ranges', () => {
    for (const options of [
      { name: 'median', startupTrials: 0, warmupSteps: 0, interval: 1, minTrials: 1 },
      { name: 'percentile', percentile: 0 },
      { name: 'percentile', percentile: 100 },
      { name: 'asha', reduction: 2, minSteps: 1 },
      { name: 'wilcoxon', pThreshold: 0, startupSteps: 0 },
      { name: 'wilcoxon', pThreshold: 1 },
      { name: 'patient', patience: 1, minDelta: 0 },
      { name: 'threshold', lower: 1, upper: 1 },
      { name: 'threshold', lower: 1 },
    ])
      expect([options, problems(options)]).toEqual([options, []]);
  });

  it('fills in what is left out', () => {
    const against = { startupTrials: 5, warmupSteps: 0, interval: 1, minTrials: 1 };
    expect(prunerOptionsSchema.parse({ name: 'percentile' })).toEqual({
      name: 'percentile',
      percentile: 25,
      ...against,
    });
    expect(prunerOptionsSchema.parse({ name: 'median' })).toEqual({ name: 'median', ...against });
    expect(prunerOptionsSchema.parse({ name: 'wilcoxon' })).toMatchObject({
      pThreshold: 0.1,
      startupSteps: 2,
    });
    expect(prunerOptionsSchema.parse({ name: 'patient' })).toMatchObject({ patience: 5, minDelta: 0 });
  });

  it('refuses unknown options and values out of range', () => {
    expect(problems({ name: 'median', startup: 3 })).toHaveLength(1);
    expect(problems({ name: 'asha', reduction: 1 })).toHaveLength(1);
    expect(problems({ name: 'asha', minSteps: 0 })).toHaveLength(1);
    expect(problems({ name: 'percentile', percentile: 101 })).toHaveLength(1);
    expect(problems({ name: 'patient', patience: 0 })).toHaveLength(1);
    expect(problems({ name: 'wilcoxon', pThreshold: -0.1 })).toHaveLength(1);
  });

  it('refuses a threshold without bounds or with inverted bounds', () => {
    expect(problems({ name: 'threshold' })).toEqual(['upper: expected lower, upper or both']);
    expect(problems({ name: 'threshold', lower: 2, upper: 1 })).toEqual([
      'upper: expected a number of at least lower (2)',
    ]);
  });
});
