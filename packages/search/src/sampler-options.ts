/** Which sampler, with which options: the plain data form and the samplers' makers. */
import { z } from 'zod';
import { SearchError } from './search-error.ts';
import { createGpSampler } from './samplers/gp.ts';
import { createRandomSampler } from './samplers/random.ts';
import type { Sampler } from './samplers/sampler.ts';
import { createTpeSampler } from './samplers/tpe.ts';

const count = z.int().positive();

export const samplerOptionsSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('random') }),
  z.strictObject({
    name: z.literal('tpe'),
    /** Random trials before the model is asked; 10. */
    startupTrials: count.optional(),
    /** Candidates drawn per suggestion. */
    candidates: count.optional(),
    /** Whether parameters that are active together are modelled together; true. */
    multivariate: z.boolean().optional(),
  }),
  z.strictObject({
    name: z.literal('gp'),
    /** Trials spread over the space before the model is asked; 10. */
    startupTrials: count.optional(),
    /** The most observations that the model holds; 1000. */
    maxObservations: count.optional(),
  }),
]);
export type SamplerOptions = z.infer<typeof samplerOptionsSchema>;
export type SamplerName = SamplerOptions['name'];

/** Throws `UNKNOWN_SAMPLER` or `INVALID_SAMPLER_OPTION`. */
export function createSampler(options: SamplerOptions): Sampler {
  const parsed = samplerOptionsSchema.safeParse(options);
  if (!parsed.success) throw optionError(options, parsed.error);
  const checked = parsed.data;
  switch (checked.name) {
    case 'random':
      return createRandomSampler();
    case 'tpe':
      return createTpeSampler(checked);
    case 'gp':
      return createGpSampler(checked);
  }
}

export const samplerNames: readonly SamplerName[] = samplerOptionsSchema.options.map(
  (option) => option.shape.name.value,
);

function optionError(options: SamplerOptions, error: z.ZodError): SearchError {
  const name: unknown = options?.name;
  if (!samplerNames.some((known) => known === name))
    return new SearchError(
      'UNKNOWN_SAMPLER',
      `sampler.name: expected one of ${samplerNames.join(', ')}, found ${JSON.stringify(name)}.`,
      'sampler.name',
    );
  const faults = error.issues.map((issue) => `sampler.${issue.path.join('.')}: ${issue.message}`);
  const field = `sampler.${error.issues[0]?.path.join('.') ?? ''}`;
  return new SearchError('INVALID_SAMPLER_OPTION', `${faults.join('; ')}.`, field);
}
