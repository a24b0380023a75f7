/**
 * Fewer points without another picture. Charts of ten thousand trials are drawn from a part of them; which part
 * is decided here, in one way for all charts, and the chart says that it did.
 */

/** At most `limit` indices of 0 … count − 1, evenly spread, with the first and the last. */
export function evenIndices(count: number, limit: number): number[] {
  if (count <= limit) return Array.from({ length: count }, (_, i) => i);
  if (limit <= 1) return count > 0 ? [count - 1] : [];
  return Array.from({ length: limit }, (_, i) => Math.round((i * (count - 1)) / (limit - 1)));
}

/**
 * At most about `limit` of the items, in their order: all that `keep` names, the others evenly spread.
 * Where those to keep are more than the limit, they are spread evenly themselves.
 */
export function thinned<T>(
  items: readonly T[],
  limit: number,
  keep: (item: T, index: number) => boolean,
): T[] {
  if (items.length <= limit) return [...items];
  const kept: number[] = [];
  const others: number[] = [];
  items.forEach((item, index) => (keep(item, index) ? kept : others).push(index));
  const chosen = evenIndices(kept.length, limit).map((i) => kept[i]!);
  const rest = evenIndices(others.length, limit - chosen.length).map((i) => others[i]!);
  return [...chosen, ...rest].sort((a, b) => a - b).map((index) => items[index]!);
}

/**
 * A long series of [x, y] as its lowest and highest point per bucket of x, which is what a line of that many
 * points looks like. Points whose y is not finite are left out.
 */
export function bucketExtremes(
  points: readonly (readonly [number, number])[],
  buckets: number,
): [number, number][] {
  const finite = points.filter(([, y]) => Number.isFinite(y));
  if (finite.length <= 2 * buckets) return finite.map(([x, y]) => [x, y]);
  const result: [number, number][] = [];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const from = Math.floor((bucket * finite.length) / buckets);
    const to = Math.floor(((bucket + 1) * finite.length) / buckets);
    let [low, high] = [from, from];
    for (let i = from + 1; i < to; i++) {
      if (finite[i]![1] < finite[low]![1]) low = i;
      if (finite[i]![1] > finite[high]![1]) high = i;
    }
    for (const i of low === high ? [low] : [Math.min(low, high), Math.max(low, high)])
      result.push([finite[i]![0], finite[i]![1]]);
  }
  return result;
}

/** The value below which `share` of the sorted values lie, between neighbours on a line; NaN of none. */
export function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = Math.min(1, Math.max(0, share)) * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low]! + (sorted[high]! - sorted[low]!) * (at - low);
}

/** [lowest, highest] of the finite values; null of none. Unlike Math.min(...values), for any number of them. */
export function extent(values: Iterable<number | null | undefined>): [number, number] | null {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}
