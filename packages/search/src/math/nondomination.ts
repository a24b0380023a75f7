/**
 * Pareto domination, smaller is better: a dominates b if a_m ≤ b_m for all m and a_m < b_m for one.
 * Ranks: 0 for what nothing dominates, 1 for what only rank 0 dominates, and so on (Deb et al. 2002, NSGA-II).
 */
import { partitionPoint } from './partition-point.ts';
export type Losses = ArrayLike<number>;

export function dominates(a: Losses, b: Losses): boolean {
  let better = false;
  for (let m = 0; m < a.length; m++) {
    if (a[m]! > b[m]!) return false;
    if (a[m]! < b[m]!) better = true;
  }
  return better;
}

/** The rank of every point. For two objectives O(n log n), else O(n²) per objective. */
export function nondominationRanks(points: readonly Losses[]): Int32Array {
  const ranks = new Int32Array(points.length).fill(-1);
  const order = points.map((_, i) => i).sort((a, b) => compareLexically(points[a]!, points[b]!));
  const fronts: number[][] = [];
  // In lexical order only an earlier point can dominate a later one (efficient non-dominated sort, Zhang 2015).
  for (const index of order) {
    const dominated = (front: readonly number[]): boolean => {
      if (points[index]!.length === 2) return dominates(points[front.at(-1)!]!, points[index]!);
      return front.some((other) => dominates(points[other]!, points[index]!));
    };
    const rank = partitionPoint(fronts.length, (place) => dominated(fronts[place]!));
    ranks[index] = rank;
    (fronts[rank] ??= []).push(index);
  }
  return ranks;
}

function compareLexically(a: Losses, b: Losses): number {
  for (let m = 0; m < a.length; m++) if (a[m] !== b[m]) return a[m]! < b[m]! ? -1 : 1;
  return 0;
}

/** Indices of the points that nothing dominates, rising. */
export function paretoFront(points: readonly Losses[]): number[] {
  const ranks = nondominationRanks(points);
  return points.flatMap((_, i) => (ranks[i] === 0 ? [i] : []));
}

/** Crowding distance of every point among those of its own rank. */
export function crowdingWithinRanks(points: readonly Losses[], ranks: ArrayLike<number>): number[] {
  const crowding = new Array<number>(points.length);
  for (const members of Map.groupBy(points.keys(), (i) => ranks[i]).values())
    crowdingDistances(members.map((i) => points[i]!)).forEach((distance, k) => {
      crowding[members[k]!] = distance;
    });
  return crowding;
}

/**
 * Crowding distance of every point among the given ones: the sum over objectives of the normalised gap
 * between its two neighbours; Infinity at the ends (Deb et al. 2002, section III-B).
 */
export function crowdingDistances(points: readonly Losses[]): Float64Array {
  const distances = new Float64Array(points.length);
  const objectives = points[0]?.length ?? 0;
  for (let m = 0; m < objectives; m++) {
    const order = points.map((_, i) => i).sort((a, b) => points[a]![m]! - points[b]![m]! || a - b);
    const range = points[order.at(-1)!]![m]! - points[order[0]!]![m]!;
    distances[order[0]!] = Infinity;
    distances[order.at(-1)!] = Infinity;
    if (!(range > 0)) continue;
    for (let i = 1; i < order.length - 1; i++)
      distances[order[i]!]! += (points[order[i + 1]!]![m]! - points[order[i - 1]!]![m]!) / range;
  }
  return distances;
}
