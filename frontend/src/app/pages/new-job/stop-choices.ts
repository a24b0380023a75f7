/** Rules that end a search early, as the form offers them: one number each. */
import { stopRuleSchema, type Mode, type StopRuleInput } from '@onegin/contracts';

const standard = stopRuleSchema.parse({ rule: 'no-improvement' });
const standardWindow = standard.rule === 'no-improvement' ? standard.trials : 0;

export const stopChoices = [
  {
    rule: 'no-improvement',
    title: 'No improvement',
    unit: 'trials without a better one',
    start: standardWindow,
    make: (trials: number): StopRuleInput => ({ rule: 'no-improvement', trials }),
    read: (rule: StopRuleInput) =>
      rule.rule === 'no-improvement' ? { trials: standardWindow, ...rule }.trials : null,
  },
  {
    rule: 'target',
    title: 'Target reached',
    unit: 'as best score',
    start: 0.98,
    make: (value: number): StopRuleInput => ({ rule: 'target', values: [value] }),
    read: (rule: StopRuleInput) =>
      rule.rule === 'target' && rule.values.length === 1 ? rule.values[0]! : null,
  },
  {
    rule: 'regret-bound',
    title: 'Little left to gain',
    unit: 'is all that more trials would likely gain',
    start: 0.002,
    make: (tolerance: number): StopRuleInput => ({ rule: 'regret-bound', tolerance }),
    read: (rule: StopRuleInput) => (rule.rule === 'regret-bound' ? rule.tolerance : null),
  },
] as const;

export type StopChoice = (typeof stopChoices)[number];

/** Rules that a mode can have: with several objectives one number is no target, and there is no single regret. */
export const stopChoicesFor = (mode: Mode): readonly StopChoice[] =>
  mode === 'pareto' ? stopChoices.filter(({ rule }) => rule === 'no-improvement') : stopChoices;
