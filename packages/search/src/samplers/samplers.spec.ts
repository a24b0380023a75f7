import { samplerNameSchema } from '@onegin/contracts';
import type { SamplerOptions } from '../sampler-options.ts';
import { describeSampler } from '../testing/sampler-contract.ts';

for (const name of samplerNameSchema.options) {
  // A small population, so that generations turn over within the contract's histories.
  const options = name === 'nsga2' ? { name, population: 8 } : { name };
  // Fitting a process is the dearest thing here; past its random start a dozen trials show what there is.
  describeSampler(options as SamplerOptions, name === 'gp' || name === 'auto' ? 24 : 40);
}
