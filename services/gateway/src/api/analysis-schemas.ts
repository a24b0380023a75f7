/** Schemas of importance and findings: for the documentation, and checked in tests. */
import { z } from 'zod';
import { jobIdSchema, paramValueSchema } from '@onegin/contracts';

const count = z.int().min(0);

const unavailable = z.strictObject({
  jobId: jobIdSchema,
  available: z.literal(false),
  reason: z.string().describe('Why there are no numbers yet.'),
});

export const importanceSchema = z.discriminatedUnion('available', [
  z.strictObject({
    jobId: jobIdSchema,
    available: z.literal(true),
    method: z.enum(['ped-anova', 'fanova']),
    shares: z.record(z.string(), z.number()).describe('Share per parameter, largest first; they sum to 1.'),
    explained: z.number().optional().describe('Part of the variance that single parameters explain.'),
    trials: count.describe('Completed trials that were used.'),
    leftOut: count.describe('Completed trials that could not be used.'),
  }),
  unavailable,
]);

const regionSchema = z.strictObject({
  range: z.strictObject({ low: z.number(), high: z.number() }).optional().describe('Of a number, closed.'),
  values: z.array(paramValueSchema).readonly().optional().describe('Choices.'),
  trials: count.describe('Completed trials with such a value.'),
});

export const findingsSchema = z.discriminatedUnion('available', [
  z.strictObject({
    jobId: jobIdSchema,
    available: z.literal(true),
    findings: z
      .array(
        z.strictObject({
          param: z.string(),
          share: z.number().min(0).max(1).describe('fANOVA share, on the searched scale.'),
          good: regionSchema.describe('Values that are as good as the best.'),
          bad: regionSchema.describe('Values that are as bad as the worst.'),
          difference: z
            .number()
            .min(0)
            .describe('Between best and worst value, in the unit of the objective.'),
          clear: z.boolean().describe('Whether the difference is unlikely to be chance.'),
          marginal: z
            .strictObject({
              available: z.literal(true),
              param: z.string(),
              at: z.array(paramValueSchema).readonly(),
              mean: z.array(z.number()).readonly(),
              deviation: z.array(z.number()).readonly().describe('How uncertain the mean is.'),
            })
            .describe('What to expect of the objective at each value, the other parameters averaged out.'),
        }),
      )
      .readonly(),
    trials: count.describe('Completed trials that were used.'),
  }),
  unavailable,
]);
