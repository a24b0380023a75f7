/** Options → sampler, the one place that knows all of them. */
import type { OptionsOf, SamplerOptions } from './sampler-options.ts';
import { createAutoSampler } from './samplers/auto.ts';
import { createCmaesSampler } from './samplers/cmaes.ts';
import { createGpSampler } from './samplers/gp.ts';
import { createGridSampler } from './samplers/grid.ts';
import { createNsga2Sampler } from './samplers/nsga2.ts';
import { createQmcSampler } from './samplers/qmc.ts';
import { createRandomSampler } from './samplers/random.ts';
import type { Sampler } from './samplers/sampler.ts';
import { createTpeSampler } from './samplers/tpe.ts';

type Name = SamplerOptions['name'];

const creators: { [N in Name]: (options: OptionsOf<N>) => Sampler } = {
  auto: createAutoSampler,
  random: createRandomSampler,
  grid: createGridSampler,
  qmc: createQmcSampler,
  tpe: createTpeSampler,
  gp: createGpSampler,
  cmaes: createCmaesSampler,
  nsga2: createNsga2Sampler,
};

/** @param options checked by the schema */
// The table pairs every name with the creator of just that name, which the index type can't express.
export const createSampler = (options: SamplerOptions): Sampler =>
  (creators[options.name] as (options: SamplerOptions) => Sampler)(options);
