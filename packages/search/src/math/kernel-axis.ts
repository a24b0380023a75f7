/** One axis of a Parzen mixture: where its kernels stand, how wide they are, and their distances to a point. */
import type { Dimension } from '../space-encoding.ts';
import type { CellMasses } from './cell-masses.ts';

/** One axis of all kernels; arrays of one entry per kernel, so that evaluation runs along them. */
export interface KernelAxis {
  readonly dimension: Dimension;
  /** Its place among the mixture's axes. */
  readonly place: number;
  /** Centre; for categories the seen choice, −1 for the prior. */
  readonly centres: Float64Array;
  /** 1/σ; empty for categories. */
  readonly sharp: Float64Array;
  readonly cells: CellMasses | undefined;
}

export function categoricalAxis(dimension: Dimension, place: number, centres: Float64Array): KernelAxis {
  centres[centres.length - 1] = -1;
  return { dimension, place, centres, sharp: new Float64Array(0), cells: undefined };
}

/** Takes ½ z² of one or two axes from all terms; two at once halve the way through memory. */
export function addDistances(
  terms: Float64Array,
  axes: readonly KernelAxis[],
  inner: readonly number[],
  from: number,
  to: number,
): void {
  const [first, second] = axes;
  const x = inner[first!.place]!;
  const { centres, sharp } = first!;
  if (!second) {
    for (let k = from; k < to; k++) {
      const z = (x - centres[k]!) * sharp[k]!;
      terms[k]! -= 0.5 * z * z;
    }
    return;
  }
  const x2 = inner[second.place]!;
  const { centres: centres2, sharp: sharp2 } = second;
  for (let k = from; k < to; k++) {
    const z = (x - centres[k]!) * sharp[k]!;
    const z2 = (x2 - centres2[k]!) * sharp2[k]!;
    terms[k]! -= 0.5 * (z * z + z2 * z2);
  }
}

/** Calls back with each observation and the larger gap to its neighbours. */
export function forEachWidth(
  centres: Float64Array,
  order: ArrayLike<number>,
  low: number,
  high: number,
  found: (kernel: number, gap: number) => void,
): void {
  const count = order.length;
  let before = low;
  let here = count > 0 ? centres[order[0]!]! : low;
  for (let position = 0; position < count; position++) {
    const after = position + 1 < count ? centres[order[position + 1]!]! : high;
    let gap = Math.max(here - before, after - here);
    if (count >= 2 && position === 0) gap = after - here;
    if (count >= 2 && position === count - 1) gap = here - before;
    found(order[position]!, gap);
    before = here;
    here = after;
  }
}
