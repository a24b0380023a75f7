import { describe, expect, it } from '@jest/globals';
import { streamOf, stopRuleNames, type SearchSpace, type StopRuleInput } from '@onegin/contracts';
import { completed, paused, running, trialOf } from '../testing/trials.ts';
import type { Direction, Trial } from '../trial-history.ts';
import { createStopRule } from './create-stop-rule.ts';

const space: SearchSpace = {
  x: { type: 'float', low: 0, high: 1 },
  pick: { type: 'categorical', choices: ['a', 'b'] },
};

const check = (
  options: StopRuleInput,
  history: readonly Trial[],
  directions: readonly Direction[] = ['minimize'],
  elapsedMs = 0,
) => createStopRule(options, { space, directions, seed: 1 }).check({ history, elapsedMs });

/** Completed trials 0, 1, … with these values. */
const valued = (...values: (number | number[])[]): Trial[] =>
  values.map((value, number) => completed(number, [value]));

describe('every stop rule', () => {
  const rules: StopRuleInput[] = [
    { rule: 'trials', most: 5 },
    { rule: 'time', seconds: 1 },
    { rule: 'target', values: [0] },
    { rule: 'no-improvement', trials: 3, startupTrials: 0 },
    { rule: 'regret-bound', tolerance: 0.1, startupTrials: 10 },
    { rule: 'any', rules: [{ rule: 'trials', most: 5 }] },
    { rule: 'all', rules: [{ rule: 'trials', most: 5 }] },
  ];
  it('is tested', () => {
    expect(new Set(rules.map(({ rule }) => rule))).toEqual(new Set(stopRuleNames));
  });

  it.each(rules.map((rule) => [rule.rule, rule] as const))(
    '%s goes on in an empty history',
    (_name, rule) => {
      expect(check(rule, [])).toBeNull();
    },
  );

  it.each(rules.map((rule) => [rule.rule, rule] as const))(
    '%s answers for failed trials, NaN, infinite and tied values',
    (_name, rule) => {
      const failed = Array.from({ length: 30 }, (_, n) => trialOf(n, 'failed', []));
      const odd = valued(...Array.from({ length: 30 }, (_, n) => [NaN, Infinity, -Infinity][n % 3]));
      const tied = valued(...new Array<number>(30).fill(1)).map((t) => ({
        ...t,
        params: { x: 0.5, pick: 'a' },
      }));
      for (const history of [failed, odd, tied]) {
        const verdict = check(rule, history);
        if (verdict) expect(verdict.reason).not.toBe('');
      }
    },
  );
});

describe('trials and time', () => {
  it('count what was asked for, whatever became of it', () => {
    const history = [running(0, []), trialOf(1, 'failed', []), completed(2, [1])];
    expect(check({ rule: 'trials', most: 4 }, history)).toBeNull();
    expect(check({ rule: 'trials', most: 3 }, history)).toEqual({
      rule: 'trials',
      reason: 'All 3 trials have been asked for.',
    });
  });

  it('measure from the beginning of the study', () => {
    expect(check({ rule: 'time', seconds: 60 }, [], ['minimize'], 59_999)).toBeNull();
    expect(check({ rule: 'time', seconds: 60 }, [], ['minimize'], 60_000)?.reason).toBe(
      'The time limit of 60 s has passed.',
    );
  });
});

describe('target', () => {
  it('holds once a completed feasible trial is at least as good', () => {
    const rule: StopRuleInput = { rule: 'target', values: [0.5] };
    expect(check(rule, valued(0.6, NaN))).toBeNull();
    expect(check(rule, [running(0, [0.1]), paused(1, [0.1])])).toBeNull();
    expect(check(rule, [completed(0, [0.1], { constraints: [1] })])).toBeNull();
    expect(check(rule, valued(0.6, 0.5))?.reason).toBe('Trial 1 reached the target of 0.5 with 0.5.');
    expect(check(rule, valued(0.6), ['maximize'])?.rule).toBe('target');
  });

  it('asks for all objectives at once, one value each', () => {
    const both: Direction[] = ['maximize', 'minimize'];
    const rule: StopRuleInput = { rule: 'target', values: [0.9, 100] };
    expect(check(rule, valued([0.95, 200], [0.8, 50]), both)).toBeNull();
    expect(check(rule, valued([0.95, 200], [0.9, 100]), both)?.rule).toBe('target');
    expect(() => check(rule, [])).toThrow(
      'stop.values: expected one value per objective (1), found [0.9,100]',
    );
  });
});

describe('no-improvement', () => {
  const rule = { rule: 'no-improvement', trials: 3, startupTrials: 0 } as const;

  it('counts ended trials since the last improvement', () => {
    expect(check(rule, valued(3, 2, 2.5, 2.6))).toBeNull();
    expect(check(rule, valued(3, 2, 2.5, 2.6, 2))?.reason).toBe(
      'The last 3 trials improved nothing; 3 such trials end the search.',
    );
    expect(check(rule, valued(3, 2, 2.5, 2.6, 1.9))).toBeNull();
    const ended = [
      ...valued(2),
      paused(1, [5]),
      trialOf(2, 'pruned', [5]),
      trialOf(3, 'failed', []),
      running(4, []),
    ];
    expect(check(rule, ended)).toBeNull();
    expect(check(rule, [...ended, paused(5, [5])])).not.toBeNull();
  });

  it('asks for more than minDelta', () => {
    expect(check({ ...rule, minDelta: 0.5 }, valued(3, 2.9, 2.8, 2.7))).not.toBeNull();
    expect(check({ ...rule, minDelta: 0.5 }, valued(3, 2.9, 2.8, 2.4))).toBeNull();
  });

  it('waits for the start-up trials', () => {
    expect(check({ ...rule, startupTrials: 6 }, valued(1, 2, 2, 2, 2))).toBeNull();
    expect(check({ ...rule, startupTrials: 6 }, valued(1, 2, 2, 2, 2, 2))).not.toBeNull();
  });

  it('goes by the order of ending: a promoted trial that ends late improves late', () => {
    const trials = valued(1, 2, 2, 2);
    expect(check(rule, trials)).not.toBeNull();
    expect(
      check(
        rule,
        trials.map((t) => ({ ...t, endedAt: t.number === 0 ? 99 : t.number })),
      ),
    ).toBeNull();
  });

  it('looks at the front with several objectives', () => {
    const both: Direction[] = ['minimize', 'minimize'];
    expect(check(rule, valued([1, 1], [2, 2], [2, 2], [0.5, 3]), both)).toBeNull();
    expect(check(rule, valued([1, 1], [2, 2], [1, 1], [1, 3]), both)).not.toBeNull();
  });

  it('does not take NaN or an infinitely bad value for an improvement', () => {
    expect(check(rule, valued(NaN, Infinity, NaN))).not.toBeNull();
  });
});

describe('regret-bound', () => {
  const at = (count: number, f: (x: number) => number): Trial[] =>
    Array.from({ length: count }, (_, number) => {
      const x = streamOf(2, number).uniform();
      const pick = number % 2 ? 'a' : 'b';
      return completed(number, [], { params: { x, pick }, values: [f(x)] });
    });

  it('holds where a smooth objective has been seen all over, not where little has been seen of a wild one', () => {
    const rule = { rule: 'regret-bound', tolerance: 0.05 } as const;
    const verdict = check(
      rule,
      at(60, (x) => (x - 0.3) ** 2),
    );
    expect(verdict?.rule).toBe('regret-bound');
    expect(verdict?.reason).toMatch(/by more than [\d.e-]+; the tolerance is 0\.05\.$/);
    expect(
      check(
        rule,
        at(20, (x) => Math.sin(40 * x)),
      ),
    ).toBeNull();
  });

  it('needs its start-up trials, completed, finite and within the current space', () => {
    const rule = { rule: 'regret-bound', tolerance: 1e9, startupTrials: 20 } as const;
    const good = at(20, (x) => x);
    expect(check(rule, good)).not.toBeNull();
    const spoil: Partial<Trial>[] = [
      { values: [NaN] },
      { params: { x: 5, pick: 'a' } },
      { state: 'failed', values: null },
    ];
    for (const extra of spoil) expect(check(rule, good.with(3, { ...good[3], ...extra }))).toBeNull();
  });

  it('makes a new estimate every interval, from the trials up to there', () => {
    const rule = createStopRule(
      { rule: 'regret-bound', tolerance: 0.2, interval: 10 },
      { space, directions: ['minimize'], seed: 1 },
    );
    const history = at(60, (x) => (x - 0.3) ** 2);
    const verdicts = [40, 45, 49].map((n) => rule.check({ history: history.slice(0, n), elapsedMs: 0 }));
    expect(verdicts[0]).not.toBeNull();
    expect(verdicts[1]).toEqual(verdicts[0]);
    expect(verdicts[2]).toEqual(verdicts[0]);
  });

  it('is defined for one objective', () => {
    expect(() => check({ rule: 'regret-bound', tolerance: 1 }, [], ['minimize', 'minimize'])).toThrow(
      'stop.rule: expected a rule for 2 objectives, found "regret-bound"',
    );
  });
});

describe('composed rules', () => {
  const few: StopRuleInput = { rule: 'trials', most: 1 };
  const many: StopRuleInput = { rule: 'trials', most: 9 };
  const late: StopRuleInput = { rule: 'time', seconds: 1 };

  it('any holds with the first that holds', () => {
    expect(check({ rule: 'any', rules: [many, few, late] }, valued(1))?.rule).toBe('trials');
    expect(check({ rule: 'any', rules: [many, late] }, valued(1))).toBeNull();
  });

  it('all holds with all, and gives every reason', () => {
    expect(check({ rule: 'all', rules: [few, many] }, valued(1))).toBeNull();
    expect(check({ rule: 'all', rules: [few, late] }, valued(1), ['minimize'], 2000)).toEqual({
      rule: 'all',
      reason: 'All 1 trials have been asked for. The time limit of 1 s has passed.',
    });
  });

  it('name the wrong field, however deep', () => {
    expect(() => check({ rule: 'any', rules: [{ rule: 'trials', most: 0 }] }, [])).toThrow(
      'stop.rules[0].most: expected a number above 0, found 0',
    );
    expect(() => check({ rule: 'soon' } as unknown as StopRuleInput, [])).toThrow(
      /stop\.rule: expected the name of a stop rule: trials, time.* found "soon"$/,
    );
  });
});
