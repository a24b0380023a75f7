/** Which sampler, with which options, as plain data. */
import { paramsSchema, samplerNameSchema, unknownName } from '@onegin/contracts';
import * as z from 'zod';

const count = z.int().positive();

const share = z.number().min(0).max(1);

export const samplerOptionsSchema = z.discriminatedUnion(
  'name',
  [
    /** Picks and switches by itself; see samplers/auto.ts. */
    z.strictObject({ name: z.literal('auto') }),
    z.strictObject({ name: z.literal('random') }),
    z.strictObject({
      name: z.literal('grid'),
      /** Values per continuous parameter; 5. */
      levels: count.optional(),
    }),
    z.strictObject({
      name: z.literal('qmc'),
      /** Whether the seed scrambles the Sobol sequence; true. */
      scramble: z.boolean().optional(),
    }),
    z.strictObject({
      name: z.literal('tpe'),
      /** Trials spread over the space before the model is asked; 10. */
      startupTrials: count.optional(),
      /** Candidates drawn per suggestion. */
      candidates: count.optional(),
      /** Whether parameters that are active together are modelled together; true. */
      multivariate: z.boolean().optional(),
    }),
    z.strictObject({
      name: z.literal('gp'),
      /** Random trials before the model is asked; 10. */
      startupTrials: count.optional(),
      /** The most observations that the model holds; 1000. */
      maxObservations: count.optional(),
    }),
    z.strictObject({
      name: z.literal('cmaes'),
      /** Trials that the first distribution is made from; 10, or 0 with a source. */
      startupTrials: z.int().nonnegative().optional(),
      /** Width of the first distribution, as a share of the ranges, where nothing is known; 0.25. */
      sigma: z.number().positive().max(1).optional(),
      /** Finished trials of a like study; smaller values are better. */
      source: z.array(z.strictObject({ params: paramsSchema, value: z.number() })).optional(),
    }),
    z.strictObject({
      name: z.literal('nsga2'),
      /** Trials per generation; 50. */
      population: z.int().min(2).optional(),
      /** Probability that a child mixes two parents; 0.9. */
      crossover: share.optional(),
      /** Probability that a parameter mutates; 1 / number of parameters. */
      mutation: share.optional(),
    }),
  ],
  unknownName('sampler', samplerNameSchema.options),
);
export type SamplerOptions = z.infer<typeof samplerOptionsSchema>;
/** The options of one sampler, each as the schema says; what is absent has its default. */
export type OptionsOf<Name extends SamplerOptions['name']> = Omit<
  Extract<SamplerOptions, { name: Name }>,
  'name'
>;
