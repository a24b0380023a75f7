/** Options → stop rule, the one place that knows all of them. */
import { invalid, parseOrThrow, stopRuleProblems, stopRuleSchema } from '@onegin/contracts';
import type { StopRuleInput, StopRuleOptions } from '@onegin/contracts';
import * as z from 'zod';
import { loss, violation, type Trial } from '../trial-history.ts';
import { createNoImprovementRule } from './no-improvement.ts';
import { createRegretBoundRule } from './regret-bound.ts';
import type { StopRule, StopRuleConfig, StopVerdict } from './stop-rule.ts';

type OptionsOf<N extends StopRuleOptions['rule']> = Extract<StopRuleOptions, { rule: N }>;

/**
 * A stop rule from its options, defaults filled in.
 * @throws OneginError `request-invalid`, naming every wrong field; an unknown rule comes with the names
 */
export function createStopRule(options: StopRuleInput, config: StopRuleConfig): StopRule {
  const { stop } = parseOrThrow(z.object({ stop: stopRuleSchema }), { stop: options }, 'the stop rule');
  const problems = stopRuleProblems(stop, config.directions.length);
  if (problems.length > 0) throw invalid('the stop rule', problems);
  return create(stop, config);
}

function create(options: StopRuleOptions, config: StopRuleConfig): StopRule {
  switch (options.rule) {
    case 'trials':
      return createTrialsRule(options);
    case 'time':
      return createTimeRule(options);
    case 'target':
      return createTargetRule(options, config);
    case 'no-improvement':
      return createNoImprovementRule(options, config);
    case 'regret-bound':
      return createRegretBoundRule(options, config);
    case 'any':
      return anyOf(options.rules.map((rule) => create(rule, config)));
    case 'all':
      return allOf(options.rules.map((rule) => create(rule, config)));
  }
}

const createTrialsRule = ({ most }: OptionsOf<'trials'>): StopRule => ({
  check: ({ history }) =>
    history.length < most ? null : { rule: 'trials', reason: `All ${most} trials have been asked for.` },
});

const createTimeRule = ({ seconds }: OptionsOf<'time'>): StopRule => ({
  check: ({ elapsedMs }) =>
    elapsedMs < seconds * 1000
      ? null
      : { rule: 'time', reason: `The time limit of ${seconds} s has passed.` },
});

function createTargetRule({ values }: OptionsOf<'target'>, { directions }: StopRuleConfig): StopRule {
  const reaches = (trial: Trial): boolean =>
    trial.state === 'completed' &&
    violation(trial) === 0 &&
    directions.every((d, m) => loss(trial.values?.[m] ?? NaN, d) <= loss(values[m], d));
  return {
    check({ history }) {
      const first = history.find(reaches);
      if (!first) return null;
      const reason = `Trial ${first.number} reached the target of ${values.join(', ')} with ${first.values!.join(', ')}.`;
      return { rule: 'target', reason };
    },
  };
}

const anyOf = (rules: readonly StopRule[]): StopRule => ({
  check(study) {
    for (const rule of rules) {
      const verdict = rule.check(study);
      if (verdict) return verdict;
    }
    return null;
  },
});

const allOf = (rules: readonly StopRule[]): StopRule => ({
  check(study) {
    const verdicts: StopVerdict[] = [];
    for (const rule of rules) {
      const verdict = rule.check(study);
      // The dearest rules are not asked where a cheap one says no.
      if (!verdict) return null;
      verdicts.push(verdict);
    }
    return { rule: 'all', reason: verdicts.map(({ reason }) => reason).join(' ') };
  },
});
