/**
 * The first distribution of CMA-ES from trials that are known already (Nomura et al., "Warm Starting CMA-ES for
 * Hyperparameter Optimization", AAAI 2021, equations 8 to 10), with γ = 0.1 and α = 0.1:
 *
 *   m = mean of the best γ share     Σ = α² I + covariance of these about m     σ = (det Σ)^{1/(2n)}
 */
import { CholeskyFactor } from '../../math/cholesky.ts';
import { initialState, type EvolutionState } from './evolution.ts';

const SHARE = 0.1;
const ALPHA = 0.1;

/** @param points coordinates in the unit cube, best first; at least two */
export function promisingState(points: readonly Float64Array[]): EvolutionState {
  const n = points[0]!.length;
  const best = points.slice(0, Math.max(2, Math.ceil(SHARE * points.length)));
  const mean = new Float64Array(n);
  for (const point of best) point.forEach((value, d) => (mean[d]! += value / best.length));
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    covariance[i * n + i] = ALPHA * ALPHA;
    for (let j = 0; j < n; j++)
      for (const point of best)
        covariance[i * n + j]! += ((point[i]! - mean[i]!) * (point[j]! - mean[j]!)) / best.length;
  }
  const factor = new CholeskyFactor(n);
  for (let i = 0; i < n; i++) factor.append(covariance.subarray(i * n, i * n + i + 1));
  const sigma = Math.exp(factor.logDeterminant() / (2 * n));
  return initialState(
    mean,
    sigma,
    covariance.map((value) => value / (sigma * sigma)),
  );
}
