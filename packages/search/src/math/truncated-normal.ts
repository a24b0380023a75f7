/**
 * A normal distribution with centre μ and width σ, cut to [low, high].
 *
 *   mass Z = Φ((high−μ)/σ) − Φ((low−μ)/σ)
 *   quantile x = μ + σ·Φ⁻¹(Φ((low−μ)/σ) + u·Z)
 */
import { normalCdf, normalLogMass, normalQuantile } from './normal-distribution.ts';

/** Beyond this many widths a tail is below half an ulp of 1, so that ln Z is exactly 0. */
const NO_TAIL = 8.3;

/** ln Z. */
export function truncationLogMass(mu: number, sigma: number, low: number, high: number): number {
  const a = (low - mu) / sigma;
  const b = (high - mu) / sigma;
  return a < -NO_TAIL && b > NO_TAIL ? 0 : normalLogMass(a, b);
}

/** The point below which the share u ∈ [0, 1] lies; always inside [low, high]. */
export function truncatedQuantile(u: number, mu: number, sigma: number, low: number, high: number): number {
  const a = (low - mu) / sigma;
  const b = (high - mu) / sigma;
  // With both ends above the centre the shares crowd near 1; mirrored they keep their digits.
  const mirrored = a > 0;
  const from = normalCdf(mirrored ? -b : a);
  const to = normalCdf(mirrored ? -a : b);
  // All of the mass that doubles can hold lies at the end that is nearer to the centre.
  if (!(to > from)) return Math.min(high, Math.max(low, mu));
  const z = normalQuantile(from + (mirrored ? 1 - u : u) * (to - from));
  const x = mu + sigma * (mirrored ? -z : z);
  return Math.min(high, Math.max(low, x));
}
