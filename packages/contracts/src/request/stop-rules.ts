/**
 * When a study stops asking for trials. Names, ranges and defaults stand here and nowhere else.
 *
 *   { rule: 'trials', most: 100 }
 *   { rule: 'any', rules: [{ rule: 'time', seconds: 3600 }, { rule: 'target', values: [0.98] }] }
 */
import * as z from 'zod';
import type { FieldProblem } from '../error-codes.ts';
import { unknownName, wrongField } from '../validation.ts';

const trials = z.strictObject({
  rule: z.literal('trials'),
  /** Trials asked for, whatever became of them. */
  most: z.int().positive(),
});

const time = z.strictObject({
  rule: z.literal('time'),
  /** Since the study began. */
  seconds: z.number().positive(),
});

const target = z.strictObject({
  rule: z.literal('target'),
  /** One value per objective; a completed feasible trial that is at least as good in all of them is enough. */
  values: z.array(z.number()).min(1),
});

const noImprovement = z.strictObject({
  rule: z.literal('no-improvement'),
  /** Trials in a row that ended (completed, pruned or paused) and improved nothing. */
  trials: z.int().positive().default(30),
  /** Only a change by more than this counts as an improvement, in units of the objective. */
  minDelta: z.number().nonnegative().default(0),
  /** Trials that must have ended before anything stops. */
  startupTrials: z.int().nonnegative().default(10),
});

const regretBound = z.strictObject({
  rule: z.literal('regret-bound'),
  /** Stops where no configuration is likely to be better than the best trial by more than this, in units of the objective. */
  tolerance: z.number().positive(),
  /** Completed trials that the estimate needs. */
  startupTrials: z.int().min(10).default(20),
  /** Completed trials between two estimates. */
  interval: z.int().positive().default(5),
});

const any = z.strictObject({
  rule: z.literal('any'),
  get rules(): z.ZodArray<z.ZodType<StopRuleOptions, StopRuleInput>> {
    return z.array(stopRuleSchema).min(1);
  },
});

const all = z.strictObject({
  rule: z.literal('all'),
  get rules(): z.ZodArray<z.ZodType<StopRuleOptions, StopRuleInput>> {
    return z.array(stopRuleSchema).min(1);
  },
});

const simple = [trials, time, target, noImprovement, regretBound] as const;

type SimpleRule = z.output<(typeof simple)[number]>;
type SimpleRuleInput = z.input<(typeof simple)[number]>;

/** A rule with every default filled in. */
export type StopRuleOptions = SimpleRule | { rule: 'any' | 'all'; rules: StopRuleOptions[] };
/** A rule as a user writes it. */
export type StopRuleInput = SimpleRuleInput | { rule: 'any' | 'all'; rules: StopRuleInput[] };
export type StopRuleName = StopRuleOptions['rule'];

export const stopRuleNames: readonly StopRuleName[] = [
  ...simple.map((schema) => schema.shape.rule.value),
  'any',
  'all',
];

export const stopRuleSchema: z.ZodType<StopRuleOptions, StopRuleInput> = z.discriminatedUnion(
  'rule',
  [...simple, any, all],
  unknownName('stop rule', stopRuleNames),
);

/** What keeps a rule from fitting a study of this many objectives. @param field where the rule stands */
export function stopRuleProblems(rule: StopRuleOptions, objectives: number, field = 'stop'): FieldProblem[] {
  switch (rule.rule) {
    case 'any':
    case 'all':
      return rule.rules.flatMap((inner, index) =>
        stopRuleProblems(inner, objectives, `${field}.rules[${index}]`),
      );
    case 'target':
      if (rule.values.length === objectives) return [];
      return [wrongField(`${field}.values`, `one value per objective (${objectives})`, rule.values)];
    case 'regret-bound':
      // Regret is defined for one objective.
      return objectives === 1
        ? []
        : [wrongField(`${field}.rule`, `a rule for ${objectives} objectives`, rule.rule)];
    default:
      return [];
  }
}

export const stopRuleExamples: StopRuleInput[] = [
  { rule: 'trials', most: 100 },
  {
    rule: 'any',
    rules: [
      { rule: 'time', seconds: 3600 },
      { rule: 'target', values: [0.98] },
    ],
  },
  {
    rule: 'all',
    rules: [
      { rule: 'no-improvement', trials: 20 },
      { rule: 'regret-bound', tolerance: 0.002 },
    ],
  },
];
