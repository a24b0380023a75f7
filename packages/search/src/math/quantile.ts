/**
 * The quantile of a sample with linear interpolation between order statistics (definition 7 of Hyndman & Fan
 * 1996, NumPy's default): x_(i) + (x_(i+1) − x_(i))·f with i + f = q·(n − 1).
 *
 * Infinite values are allowed: between a finite and an infinite neighbour the result is the infinite one.
 * @param values at least one number, none of them NaN
 * @param q in [0, 1]
 */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).sort();
  const position = q * (sorted.length - 1);
  const index = Math.floor(position);
  const fraction = position - index;
  const below = sorted[index];
  if (fraction === 0) return below;
  const above = sorted[index + 1];
  if (below === above || below === -Infinity) return below;
  return above === Infinity ? above : below + (above - below) * fraction;
}
