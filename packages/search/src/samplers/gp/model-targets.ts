/**
 * What the Gaussian process of the objective is fitted to.
 *
 * Losses are warped so that bad outliers don't drown the differences among good trials: the better half is
 * kept as it is, the worse half is replaced by what its ranks would be under a normal distribution whose
 * half-width is that of the better half (half-rank warping; Song et al., "The Vizier Gaussian Process Bandit
 * Algorithm", 2024, section 3.3). Then they get mean 0 and variance 1.
 */
import { normalQuantile } from '../../math/normal-distribution.ts';

export function warpLosses(losses: ArrayLike<number>): Float64Array {
  const finite = clipInfinite(losses);
  return standardised(halfRank(finite));
}

/** Infinite losses become the worst or best finite one. */
function clipInfinite(losses: ArrayLike<number>): Float64Array {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < losses.length; i++) {
    if (!Number.isFinite(losses[i]!)) continue;
    low = Math.min(low, losses[i]!);
    high = Math.max(high, losses[i]!);
  }
  if (low > high) return new Float64Array(losses.length);
  return Float64Array.from(losses, (value) => Math.min(high, Math.max(low, value)));
}

function halfRank(losses: Float64Array): Float64Array {
  const sorted = losses.slice().sort();
  const n = sorted.length;
  const median = 0.5 * (sorted[Math.floor((n - 1) / 2)]! + sorted[Math.ceil((n - 1) / 2)]!);
  let squares = 0;
  let better = 0;
  for (const value of losses) {
    if (value > median) continue;
    squares += (value - median) ** 2;
    better++;
  }
  const width = Math.sqrt(squares / Math.max(1, better));
  if (!(width > 0)) return losses;
  return losses.map((value) => {
    if (value <= median) return value;
    return median + width * normalQuantile((middleRank(sorted, value) + 0.5) / n);
  });
}

/** The middle of the places that a value takes in the sorted values. */
function middleRank(sorted: Float64Array, value: number): number {
  const first = sorted.findIndex((other) => other >= value);
  let last = first;
  while (last + 1 < sorted.length && sorted[last + 1] === value) last++;
  return 0.5 * (first + last);
}

export function standardised(values: Float64Array): Float64Array {
  const n = values.length;
  let mean = 0;
  for (const value of values) mean += value / n;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2 / n;
  const deviation = Math.sqrt(variance) || 1;
  return values.map((value) => (value - mean) / deviation);
}
