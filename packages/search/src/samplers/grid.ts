/**
 * Every point of the grid once, in an order shuffled by the seed: discrete parameters with all their values,
 * continuous ones with evenly spaced values (in the logarithm if log). Points that only differ in inactive
 * parameters are one point.
 */
import { streamOf } from '@onegin/contracts';
import type { OptionsOf } from '../sampler-options.ts';
import { spacePoints, type SpacePoints } from '../space-points.ts';
import { randomRow } from './random.ts';
import type { Proposal, Sampler, SamplerContext } from './sampler.ts';

export function createGridSampler({ levels = 5 }: OptionsOf<'grid'> = {}): Sampler {
  let points: SpacePoints | undefined;
  const propose = (context: SamplerContext): Proposal => {
    points ??= spacePoints(context.encoded, levels);
    const { count } = points;
    const order = visitingOrder(context.seed, count);
    // Trials from elsewhere may have taken points, so the next one in the order that is free is looked for.
    for (let step = 0; step <= Math.min(count, context.table.rows.length); step++) {
      const row = points.at(order((context.number + step) % count));
      if (!context.isTaken(row)) return { row };
    }
    const message = `All ${count} points of the grid have been tried; random points follow.`;
    return { row: randomRow(context), warnings: [{ code: 'GRID_EXHAUSTED', message }] };
  };
  return { name: 'grid', propose };
}

/** A permutation of 0 … count − 1 that needs no list: k ↦ (a k + b) mod count, a and count without common factor. */
function visitingOrder(seed: number, count: number): (k: number) => number {
  const random = streamOf(seed, 'grid');
  const shift = random.integer(count);
  // Near the golden section neighbours in the order lie far apart on the grid.
  let factor = Math.max(1, Math.floor(count * 0.6180339887));
  while (commonFactor(factor, count) > 1) factor++;
  return (k) => Number((BigInt(k) * BigInt(factor) + BigInt(shift)) % BigInt(count));
}

function commonFactor(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}
