/**
 * The logarithm of expected improvement, for minimization.
 *
 *   EI = E[max(0, best − f)] = σ·h(z)   z = (best − μ)/σ   h(z) = φ(z) + z·Φ(z)
 *   ∂ ln EI/∂μ = −Φ(z)/(σ·h(z))         ∂ ln EI/∂σ = φ(z)/(σ·h(z))
 *
 * ln h stays accurate where h underflows: Ament et al., "Unexpected Improvements to Expected Improvement for
 * Bayesian Optimization", NeurIPS 2023, equations 8 to 10.
 */
import {
  LOG_SQRT_TWO_PI,
  erfcx,
  normalCdf,
  normalDensity,
  normalLogCdf,
  normalLogDensity,
} from './normal-distribution.ts';

const HALF_LOG_HALF_PI = 0.5 * Math.log(Math.PI / 2);

/** ln(φ(z) + z·Φ(z)). */
export function logImprovementShape(z: number): number {
  if (z > -1) return Math.log(normalDensity(z) + z * normalCdf(z));
  if (z < -1e6) return -0.5 * z * z - LOG_SQRT_TWO_PI - 2 * Math.log(-z);
  const ratio = Math.log(erfcx(-z * Math.SQRT1_2) * -z) + HALF_LOG_HALF_PI;
  return -0.5 * z * z - LOG_SQRT_TWO_PI + logOneMinusExp(ratio);
}

/** ln(1 − exp(x)) for x < 0. */
const logOneMinusExp = (x: number): number =>
  x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));

export interface LogImprovement {
  value: number;
  /** Derivatives by mean and standard deviation. */
  byMean: number;
  byDeviation: number;
}

export function logExpectedImprovement(mean: number, deviation: number, best: number): LogImprovement {
  const z = (best - mean) / deviation;
  const shape = logImprovementShape(z);
  return {
    value: Math.log(deviation) + shape,
    byMean: -Math.exp(normalLogCdf(z) - shape) / deviation,
    byDeviation: Math.exp(normalLogDensity(z) - shape) / deviation,
  };
}

/** ln P(f ≤ limit) of a normal f, and its derivatives. */
export function logProbabilityBelow(mean: number, deviation: number, limit: number): LogImprovement {
  const z = (limit - mean) / deviation;
  const value = normalLogCdf(z);
  const hazard = Math.exp(normalLogDensity(z) - value);
  return { value, byMean: -hazard / deviation, byDeviation: (-hazard * z) / deviation };
}
