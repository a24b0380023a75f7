/** Independent uniform draws (log-uniform where log), conditions respected. */
import type { Sampler, SamplerContext } from './sampler.ts';
import { rowFromUnit } from '../space-encoding.ts';

export const randomRow = ({ encoded, random }: Pick<SamplerContext, 'encoded' | 'random'>): Float64Array =>
  rowFromUnit(encoded, () => random.uniform());

export const createRandomSampler = (): Sampler => ({
  name: 'random',
  propose: (context) => ({ row: randomRow(context) }),
});
