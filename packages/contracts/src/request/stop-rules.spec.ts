import { describe, expect, it } from '@jest/globals';
import { stopRuleExamples, stopRuleNames, stopRuleSchema } from './stop-rules.ts';

const problems = (rule: unknown) =>
  stopRuleSchema.safeParse(rule).error?.issues.map((i) => `${i.path.join('.')}: ${i.message}`) ?? [];

describe('stopRuleSchema', () => {
  it('accepts every example and fills in defaults, in nested rules too', () => {
    for (const example of stopRuleExamples) expect(problems(example)).toEqual([]);
    expect(
      stopRuleSchema.parse({ rule: 'any', rules: [{ rule: 'all', rules: [{ rule: 'no-improvement' }] }] }),
    ).toEqual({
      rule: 'any',
      rules: [
        { rule: 'all', rules: [{ rule: 'no-improvement', trials: 30, minDelta: 0, startupTrials: 10 }] },
      ],
    });
  });

  it('refuses unknown rules with the list of names, nested ones too', () => {
    const expected = `expected the name of a stop rule: ${stopRuleNames.join(', ')}`;
    expect(problems({ rule: 'forever' })).toEqual([`rule: ${expected}`]);
    expect(problems({ rule: 'any', rules: [{ rule: 'forever' }] })).toEqual([`rules.0.rule: ${expected}`]);
  });

  it('refuses wrong and unknown fields', () => {
    expect(problems({ rule: 'trials', most: 0 })).toHaveLength(1);
    expect(problems({ rule: 'trials', most: 1, least: 1 })).toHaveLength(1);
    expect(problems({ rule: 'time', seconds: 0 })).toHaveLength(1);
    expect(problems({ rule: 'target', values: [] })).toHaveLength(1);
    expect(problems({ rule: 'target', values: [NaN] })).toHaveLength(1);
    expect(problems({ rule: 'no-improvement', minDelta: -1 })).toHaveLength(1);
    expect(problems({ rule: 'regret-bound' })).toHaveLength(1);
    expect(problems({ rule: 'regret-bound', tolerance: 0.1, startupTrials: 9 })).toHaveLength(1);
    expect(problems({ rule: 'regret-bound', tolerance: 0.1, startupTrials: 10 })).toEqual([]);
    expect(problems({ rule: 'target', values: [0.9] })).toEqual([]);
    expect(problems({ rule: 'trials', most: 1 })).toEqual([]);
    expect(problems({ rule: 'any', rules: [] })).toHaveLength(1);
  });
});
