/**
 * The first trials of a model-based sampler: a Latin hypercube, so that few trials cover every parameter.
 *
 * Each dimension's range is cut into `count` parts and the trials of a block of `count` numbers visit the
 * parts in a shuffled order (McKay, Beckman, Conover, Technometrics 21, 1979).
 */
import { streamOf } from '@onegin/contracts';
import { rowFromUnit } from '../space-encoding.ts';
import type { SamplerContext } from './sampler.ts';

export function startupRow({ encoded, seed, number, random }: SamplerContext, count: number): Float64Array {
  const block = Math.floor(number / count);
  return rowFromUnit(encoded, (dimension) => {
    const order = Int32Array.from({ length: count }, (_, part) => part);
    streamOf(seed, 'startup', block, dimension).shuffle(order);
    return (order[number % count]! + random.uniform()) / count;
  });
}
