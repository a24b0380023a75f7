/**
 * Quasi-random search: trial n is point n of a scrambled Sobol sequence, so that any number of workers fill the
 * space evenly together.
 */
import { deriveSeed } from '@onegin/contracts';
import { SobolSequence } from '../math/sobol.ts';
import type { OptionsOf } from '../sampler-options.ts';
import { rowFromUnit } from '../space-encoding.ts';
import { randomRow } from './random.ts';
import type { Sampler, SamplerContext } from './sampler.ts';

export function createQmcSampler({ scramble = true }: OptionsOf<'qmc'> = {}): Sampler {
  const propose = (context: SamplerContext) => {
    const { encoded, number, seed } = context;
    const size = encoded.dimensions.length;
    const sequence = new SobolSequence(size, scramble ? deriveSeed(seed, 'qmc') : undefined);
    const point = sequence.point(number);
    const row = rowFromUnit(encoded, (dimension) => point[dimension]!);
    // On a small grid points of the sequence meet; another look must not give the same one again.
    return { row: context.isTaken(row) ? randomRow(context) : row };
  };
  return { name: 'qmc', propose };
}
