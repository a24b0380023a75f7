/**
 * Health: six numbers in [0, 1], 1 is healthy; formulas and sources in docs/health.md.
 *
 * A metric that the data does not allow is `null` with a reason, never a constant; its weight is shared among the
 * others. The weights of the objective have their one owner here.
 */
import type { HealthReport, HealthWeights } from './health-report.ts';

export const HEALTH_METRICS = [
  'neuronUtilization',
  'parameterEfficiency',
  'trainingStability',
  'gradientHealth',
  'convergenceQuality',
  'accuracyConsistency',
] as const;
export type HealthMetric = (typeof HEALTH_METRICS)[number];

/**
 * The weights of the mode `health`: objective = (1 − h) · accuracy + h · Σ wᵢ · metricᵢ, Σ wᵢ = 1. Chosen from the rank
 * correlations in docs/health.md.
 */
export const defaultHealthWeights: HealthWeights = {
  health: 0.2,
  metrics: {
    neuronUtilization: 0.1,
    parameterEfficiency: 0.2,
    trainingStability: 0.05,
    gradientHealth: 0.35,
    convergenceQuality: 0.2,
    accuracyConsistency: 0.1,
  },
};

/** Σ wᵢ · metricᵢ / Σ wᵢ over the metrics that are known; null when none with a weight is. */
export function healthScore(
  report: Pick<HealthReport, HealthMetric>,
  weights: HealthWeights = defaultHealthWeights,
): number | null {
  let sum = 0;
  let total = 0;
  for (const metric of HEALTH_METRICS) {
    const { value } = report[metric];
    if (value === null) continue;
    sum += weights.metrics[metric] * value;
    total += weights.metrics[metric];
  }
  return total > 0 ? Math.min(1, sum / total) : null;
}

/** (1 − h) · accuracy + h · health; accuracy alone when no metric is known. */
export function healthObjective(
  accuracy: number,
  report: Pick<HealthReport, HealthMetric>,
  weights: HealthWeights = defaultHealthWeights,
): number {
  const score = healthScore(report, weights);
  return score === null ? accuracy : (1 - weights.health) * accuracy + weights.health * score;
}
