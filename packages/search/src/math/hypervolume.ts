/**
 * Hypervolume: the volume that a set of points dominates, up to a reference point; smaller is better.
 *
 *   HV(S, r) = volume of ∪_{p ∈ S} [p, r]
 *
 * Two objectives by a sweep; more by the WFG recursion (While, Bradstreet, Barone, IEEE TEC 16, 2012):
 *   HV(p₁…p_n) = Σ_i (vol(p_i) − HV(limit_i)),   limit_i = nondominated{ max(p_j, p_i) : j > i }.
 */
import { paretoFront, type Losses } from './nondomination.ts';

/** Points beyond the reference add nothing. */
export function hypervolume(points: readonly Losses[], reference: Losses): number {
  const inside = points.filter((point) => isBelow(point, reference));
  const front = paretoFront(inside).map((i) => inside[i]!);
  return reference.length === 2 ? sweep(front, reference) : wfg(front, reference);
}

function isBelow(point: Losses, reference: Losses): boolean {
  for (let m = 0; m < reference.length; m++) if (!(point[m]! < reference[m]!)) return false;
  return true;
}

function sweep(front: readonly Losses[], reference: Losses): number {
  const sorted = [...front].sort((a, b) => a[0]! - b[0]!);
  let volume = 0;
  let ceiling = reference[1]!;
  for (const point of sorted) {
    if (point[1]! >= ceiling) continue;
    volume += (reference[0]! - point[0]!) * (ceiling - point[1]!);
    ceiling = point[1]!;
  }
  return volume;
}

function wfg(front: readonly Losses[], reference: Losses): number {
  // Sorted by the first objective the limited sets shrink fast.
  const sorted = [...front].sort((a, b) => b[0]! - a[0]!);
  let volume = 0;
  sorted.forEach((point, i) => {
    const limited = sorted
      .slice(i + 1)
      .map((other) => Array.from(other, (value, m) => Math.max(value, point[m]!)));
    const rest =
      limited.length === 0
        ? 0
        : wfg(
            paretoFront(limited).map((j) => limited[j]!),
            reference,
          );
    volume += box(point, reference) - rest;
  });
  return volume;
}

function box(point: Losses, reference: Losses): number {
  let volume = 1;
  for (let m = 0; m < reference.length; m++) volume *= reference[m]! - point[m]!;
  return volume;
}

/** max(1.1 w, 0.9 w) of the worst value w per objective; 0 becomes a little more. */
export function referencePoint(points: readonly Losses[]): number[] {
  return Array.from({ length: points[0]?.length ?? 0 }, (_, m) => {
    let worst = -Infinity;
    for (const point of points) worst = Math.max(worst, point[m]!);
    return Math.max(1.1 * worst, 0.9 * worst) || 1e-12;
  });
}

/**
 * Positions of `count` points that together have much hypervolume, chosen greedily (at least 1 − 1/e of the
 * best possible; Guerreiro et al. 2016). Infinite values are clipped to the finite ones' range.
 */
export function pickByHypervolume(points: readonly Losses[], count: number): number[] {
  const finite = clipInfinite(points);
  const reference = referencePoint(finite);
  const chosen: number[] = [];
  const left = new Set(points.keys());
  // Gains only shrink as the set grows, so a stale gain is an upper bound and most need no new look.
  const gains = finite.map((point) => Math.max(0, box(point, reference)));
  let volume = 0;
  while (chosen.length < count && left.size > 0) {
    let best = -1;
    const order = [...left].sort((a, b) => gains[b]! - gains[a]! || a - b);
    for (const index of order) {
      if (best >= 0 && gains[index]! <= gains[best]!) break;
      if (chosen.length > 0)
        gains[index] =
          hypervolume(
            [...chosen, index].map((i) => finite[i]!),
            reference,
          ) - volume;
      if (best < 0 || gains[index]! > gains[best]!) best = index;
    }
    chosen.push(best);
    left.delete(best);
    volume = hypervolume(
      chosen.map((i) => finite[i]!),
      reference,
    );
  }
  return chosen;
}

function clipInfinite(points: readonly Losses[]): Losses[] {
  if (points.every((point) => Array.from(point).every(Number.isFinite))) return [...points];
  const objectives = points[0]?.length ?? 0;
  const ranges = Array.from({ length: objectives }, (_, m) => {
    const values = points.map((point) => point[m]!).filter(Number.isFinite);
    return values.length === 0 ? [0, 0] : [Math.min(...values), Math.max(...values)];
  });
  return points.map((point) =>
    Array.from(point, (value, m) => Math.min(ranges[m]![1]!, Math.max(ranges[m]![0]!, value))),
  );
}
