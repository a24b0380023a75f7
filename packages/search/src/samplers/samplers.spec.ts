import { samplerNames } from '../sampler-options.ts';
import type { SamplerOptions } from '../sampler-options.ts';
import { describeSampler } from '../testing/sampler-contract.ts';

for (const name of samplerNames) {
  // A small population, so that generations turn over within the contract's histories.
  const options = name === 'nsga2' ? { name, population: 8 } : { name };
  describeSampler(options as SamplerOptions);
}
