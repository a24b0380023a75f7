/**
 * Which pruner a study uses, with which options. Names, ranges and defaults stand here and nowhere else.
 *
 *   { name: 'asha' }                        { name: 'asha', minSteps: 2, reduction: 4, mode: 'stop' }
 *   { name: 'patient', patience: 5, wrapped: { name: 'median' } }
 *
 * A step is an epoch, counted from 1.
 */
import { z } from 'zod';

const count = z.int().nonnegative();
const positive = z.int().positive();

const none = z.strictObject({ name: z.literal('none') });

const againstCompleted = {
  /** Nothing is pruned before so many trials have completed. */
  startupTrials: count.default(5),
  /** The first so many steps of a trial are never judged. */
  warmupSteps: count.default(0),
  /** After the warm-up, the first report of every so many steps is judged. */
  interval: positive.default(1),
  /** Completed trials that must have reported at the step. */
  minTrials: positive.default(1),
};

const median = z.strictObject({ name: z.literal('median'), ...againstCompleted });

const percentile = z.strictObject({
  name: z.literal('percentile'),
  /** The best so many percent of the completed trials set the bar; 50 is the median. */
  percentile: z.number().min(0).max(100).default(25),
  ...againstCompleted,
});

const threshold = z
  .strictObject({
    name: z.literal('threshold'),
    /** A report below this is pruned. */
    lower: z.number().optional(),
    /** A report above this is pruned. */
    upper: z.number().optional(),
    /** Which objective is watched, counted from 0. */
    objective: count.default(0),
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
  /** Steps to the first rung. */
  minSteps: positive.default(1),
  /** One in so many goes on from a rung, and the next rung lies so many times further. */
  reduction: z.int().min(2).default(3),
  /** `promote`: the others pause and may go on later from their checkpoint. `stop`: the others end for good. */
  mode: z.enum(['promote', 'stop']).default('promote'),
};

const asha = z.strictObject({ name: z.literal('asha'), ...halving });

const hyperband = z.strictObject({ name: z.literal('hyperband'), ...halving });

const wilcoxon = z.strictObject({
  name: z.literal('wilcoxon'),
  /** A trial is pruned where being worse than the best has a one-sided p-value below this. */
  pThreshold: z.number().min(0).max(1).default(0.1),
  /** Nothing is pruned before so many steps are shared with the best trial. */
  startupSteps: count.default(2),
});

const unwrapped = [none, median, percentile, threshold, asha, hyperband, wilcoxon] as const;

const patient = z.strictObject({
  name: z.literal('patient'),
  /** A trial that improved within so many steps is left alone. */
  patience: positive.default(5),
  /** Only a change by more than this counts as an improvement, in units of the objective. */
  minDelta: z.number().nonnegative().default(0),
  /** Who decides once patience is over; left out, the trial is pruned then. */
  wrapped: z.discriminatedUnion('name', unwrapped, { error: unknownName(unwrapped) }).optional(),
});

const all = [...unwrapped, patient] as const;

export const prunerNames: readonly string[] = all.map(nameOf);

export const prunerOptionsSchema = z.discriminatedUnion('name', all, { error: unknownName(all) });

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

function unknownName(schemas: readonly { shape: { name: z.ZodLiteral<string> } }[]) {
  return (issue: { code?: string }): string | undefined =>
    issue.code === 'invalid_union'
      ? `expected the name of a pruner: ${schemas.map(nameOf).join(', ')}`
      : undefined;
}
