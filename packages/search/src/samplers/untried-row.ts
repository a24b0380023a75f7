/** A random row that no trial has, for when a sampler only comes up with tried ones. */
import type { EncodedSpace } from '../space-encoding.ts';
import { spacePoints, type SpacePoints } from '../space-points.ts';
import { randomRow } from './random.ts';
import type { SamplerContext } from './sampler.ts';

const TRIES = 32;

const pointsOfSpace = new WeakMap<EncodedSpace, SpacePoints>();

/** Undefined when every point of the (discrete) space has been tried. */
export function untriedRow(context: SamplerContext): Float64Array | undefined {
  const { encoded, random, table } = context;
  for (let i = 0; i < TRIES; i++) {
    const row = randomRow(context);
    if (!context.isTaken(row)) return row;
  }
  if (!encoded.discrete) return randomRow(context);
  let points = pointsOfSpace.get(encoded);
  if (!points) pointsOfSpace.set(encoded, (points = spacePoints(encoded)));
  // Among one more point than there are trials one is untried, unless the space has no more.
  const looks = Math.min(points.count, table.rows.length + 1);
  const start = random.integer(points.count);
  for (let i = 0; i < looks; i++) {
    const row = points.at((start + i) % points.count);
    if (!context.isTaken(row)) return row;
  }
  return undefined;
}
