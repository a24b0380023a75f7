/**
 * Which pruner a study uses, with which options. Names, ranges and defaults stand here and nowhere else.
 *
 *   { name: 'asha' }                        { name: 'asha', minSteps: 2, reduction: 4, mode: 'stop' }
 *   { name: 'patient', patience: 5, wrapped: { name: 'median' } }
 *
 * A step is an epoch, counted from 1.
 */
import * as z from 'zod';
import type { FieldProblem } from '../error-codes.ts';
import { unknownName, wrongField } from '../validation.ts';

const count = z.int().nonnegative();
const positive = z.int().positive();

const none = z.strictObject({ name: z.literal('none') });

const againstCompleted = {
  startupTrials: count.default(5).describe('Trials that must have completed before anything is pruned.'),
  warmupSteps: count.default(0).describe('Steps at the start of a trial that are never judged.'),
  interval: positive
    .default(1)
    .describe('After the warm-up, only the first report in every window of this many steps is judged.'),
  minTrials: positive.default(1).describe('Completed trials that must have reported at the step.'),
};

const median = z.strictObject({ name: z.literal('median'), ...againstCompleted });

const percentile = z.strictObject({
  name: z.literal('percentile'),
  percentile: z
    .number()
    .min(0)
    .max(100)
    .default(25)
    .describe('The share of the best completed trials, in percent, that sets the bar; 50 is the median.'),
  ...againstCompleted,
});

const threshold = z
  .strictObject({
    name: z.literal('threshold'),
    lower: z.number().optional().describe('A report below this is pruned.'),
    upper: z.number().optional().describe('A report above this is pruned.'),
    objective: count.default(0).describe('Which objective is watched, counted from 0.'),
    warmupSteps: count.default(0),
    interval: positive.default(1),
  })
  .superRefine(({ lower, upper }, context) => {
    const refuse = (field: string, message: string, input: unknown) =>
      context.addIssue({ code: 'custom', path: [field], message, input });
    if (lower === undefined && upper === undefined)
      refuse('upper', 'expected lower, upper or both', undefined);
    else if (lower !== undefined && upper !== undefined && lower > upper)
      refuse('upper', `expected a number of at least lower (${lower})`, upper);
  });

const halving = {
  minSteps: positive.default(1).describe('Steps to the first rung.'),
  reduction: z
    .int()
    .min(2)
    .default(3)
    .describe(
      'One in this many trials is promoted from a rung, and the next rung lies this many times further.',
    ),
  mode: z
    .enum(['promote', 'stop'])
    .default('promote')
    .describe(
      'promote: the others pause and may go on later from their checkpoint. stop: they end for good.',
    ),
};

const asha = z.strictObject({ name: z.literal('asha'), ...halving });

const hyperband = z.strictObject({ name: z.literal('hyperband'), ...halving });

const wilcoxon = z.strictObject({
  name: z.literal('wilcoxon'),
  pThreshold: z
    .number()
    .min(0)
    .max(1)
    .default(0.1)
    .describe('A trial is pruned where being worse than the best has a one-sided p-value below this.'),
  startupSteps: count.default(2).describe('Steps shared with the best trial before anything is pruned.'),
});

const unwrapped = [none, median, percentile, threshold, asha, hyperband, wilcoxon] as const;

const patient = z.strictObject({
  name: z.literal('patient'),
  patience: positive.default(5).describe('A trial that improved within this many steps is left alone.'),
  minDelta: z
    .number()
    .nonnegative()
    .default(0)
    .describe('Only a change by more than this counts as an improvement, in units of the objective.'),
  /** Who decides once patience is over; left out, the trial is pruned then. */
  wrapped: z.discriminatedUnion('name', unwrapped, unknownName('pruner', unwrapped.map(nameOf))).optional(),
});

const all = [...unwrapped, patient] as const;

export const prunerNames: readonly string[] = all.map(nameOf);

export const prunerOptionsSchema = z.discriminatedUnion('name', all, unknownName('pruner', prunerNames));

/** Options with every default filled in. */
export type PrunerOptions = z.infer<typeof prunerOptionsSchema>;
/** Options as a user writes them. */
export type PrunerOptionsInput = z.input<typeof prunerOptionsSchema>;
export type PrunerName = PrunerOptions['name'];
/** The options of one pruner: `OptionsOf<'asha'>`. */
export type OptionsOf<N extends PrunerName> = Extract<PrunerOptions, { name: N }>;

export const prunerOptionsExamples: PrunerOptionsInput[] = [
  { name: 'asha' },
  { name: 'hyperband', minSteps: 2, reduction: 4, mode: 'stop' },
  { name: 'patient', patience: 3, wrapped: { name: 'median', startupTrials: 10 } },
  { name: 'threshold', upper: 10 },
];

function nameOf(schema: { shape: { name: z.ZodLiteral<string> } }): string {
  return schema.shape.name.value;
}

/** What keeps a pruner from fitting reports of this many objectives. @param field where the pruner stands */
export function prunerProblems(pruner: PrunerOptions, objectives: number, field = 'pruner'): FieldProblem[] {
  if (pruner.name === 'patient' && pruner.wrapped)
    return prunerProblems(pruner.wrapped, objectives, `${field}.wrapped`);
  if (pruner.name !== 'threshold' || pruner.objective < objectives) return [];
  const expected = `the index of one of ${objectives} objectives, counted from 0`;
  return [wrongField(`${field}.objective`, expected, pruner.objective)];
}
