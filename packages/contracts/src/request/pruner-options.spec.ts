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
