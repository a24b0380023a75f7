/** The two densities that TPE compares: l of the good trials, g of the rest. */
import { ParzenMixture } from '../../math/parzen-mixture.ts';
import type { HistoryTable } from '../../history-table.ts';
import { isEvidence, type Direction } from '../../trial-history.ts';
import { recencyWeights } from './recency-weights.ts';
import { splitTrials, type Split } from './split-trials.ts';

export interface ParzenPair {
  readonly split: Split;
  readonly good: ParzenMixture;
  readonly rest: ParzenMixture;
}

/**
 * The pair over the given dimensions (indices of the space), from the trials that have all of them.
 * Outstanding trials count as not good, so that others don't follow them.
 *
 * @param sharpness how many times narrower than the reference's the good trials' kernels may be
 */
export function parzenPair(
  table: HistoryTable,
  group: readonly number[],
  directions: readonly Direction[],
  sharpness = 1,
): ParzenPair {
  const indices = usableTrials(table, group);
  const split = splitTrials(table.trials, indices, directions);
  const side = new Int8Array(table.rows.length);
  for (const index of split.below) side[index] = 1;
  for (const index of split.above) side[index] = 2;
  const goodWeights =
    directions.length > 1
      ? new Float64Array(split.below.length + 1).fill(1)
      : recencyWeights(split.below.length);
  return {
    split,
    good: mixture(table, group, split.below, goodWeights, side, 1, sharpness),
    rest: mixture(table, group, split.above, recencyWeights(split.above.length), side, 2, 1),
  };
}

/** Indices of the finished and outstanding trials that have every dimension of the group, rising. */
function usableTrials({ trials, rows }: HistoryTable, group: readonly number[]): number[] {
  const indices: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    const trial = trials[i]!;
    if (trial.state !== 'running' && !isEvidence(trial)) continue;
    if (hasAll(rows[i]!, group)) indices.push(i);
  }
  return indices;
}

function hasAll(row: Float64Array, group: readonly number[]): boolean {
  for (let axis = 0; axis < group.length; axis++) if (Number.isNaN(row[group[axis]!]!)) return false;
  return true;
}

function mixture(
  table: HistoryTable,
  group: readonly number[],
  members: readonly number[],
  weights: Float64Array,
  side: Int8Array,
  wanted: number,
  sharpness: number,
): ParzenMixture {
  const axes = group.map((dimension) => table.encoded.dimensions[dimension]!);
  const columns = group.map((dimension) => {
    const all = table.column(dimension);
    const column = new Float64Array(members.length + 1);
    for (let k = 0; k < members.length; k++) column[k] = all[members[k]!]!;
    return column;
  });
  const positionOf = new Int32Array(table.rows.length);
  members.forEach((index, position) => (positionOf[index] = position));
  // The mixture is done with one axis before it asks for the next.
  const positions = new Int32Array(members.length);
  const sorted = (axis: number): Int32Array => {
    let filled = 0;
    const order = table.sortedBy(group[axis]!);
    for (let i = 0; i < order.length; i++)
      if (side[order[i]!] === wanted) positions[filled++] = positionOf[order[i]!]!;
    return positions;
  };
  return new ParzenMixture(axes, columns, weights, { sorted, sharpness });
}
