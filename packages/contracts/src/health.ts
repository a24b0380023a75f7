/**
 * Health: six numbers in [0, 1], 1 is healthy; formulas and sources in docs/health.md.
 *
 * A metric that the data does not allow is `null` with a reason, never a constant; its weight is shared among the
 * others. The weights of the objective have their one owner here.
 */
import * as z from 'zod';

export const HEALTH_METRICS = [
  'neuronUtilization',
  'parameterEfficiency',
  'trainingStability',
  'gradientHealth',
  'convergenceQuality',
  'accuracyConsistency',
] as const;
export type HealthMetric = (typeof HEALTH_METRICS)[number];

const healthValueSchema = z.discriminatedUnion('known', [
  z.strictObject({ known: z.literal(true), value: z.number().min(0).max(1) }),
  z.strictObject({ known: z.literal(false), value: z.null(), reason: z.string().min(1) }),
]);
export type HealthValue = z.infer<typeof healthValueSchema>;

export const healthReportSchema = z.strictObject({
  neuronUtilization: healthValueSchema,
  parameterEfficiency: healthValueSchema,
  trainingStability: healthValueSchema,
  gradientHealth: healthValueSchema,
  convergenceQuality: healthValueSchema,
  accuracyConsistency: healthValueSchema,
  /** Weighted mean of the known metrics with the weights in force; null when none is known. */
  score: z.number().min(0).max(1).nullable(),
  /** Shown beside the score, not part of it. */
  overfittingGap: z.number().nullable(),
  /** Expected calibration error over 15 bins (Guo et al. 2017). */
  calibrationError: z.number().min(0).max(1).nullable(),
  millisecondsPerSample: z.number().min(0).nullable(),
});
export type HealthReport = z.infer<typeof healthReportSchema>;

const weight = z.number().min(0).max(1);

export const healthWeightsSchema = z.strictObject({
  /** h: the part of health in the objective; accuracy has 1 − h. */
  health: weight,
  metrics: z.strictObject({
    neuronUtilization: weight,
    parameterEfficiency: weight,
    trainingStability: weight,
    gradientHealth: weight,
    convergenceQuality: weight,
    accuracyConsistency: weight,
  }),
});
export type HealthWeights = z.infer<typeof healthWeightsSchema>;

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

const known = (value: number): HealthValue => ({ known: true, value });

/** Examples for documentation and tests. */
export const healthReportExamples: HealthReport[] = [
  {
    neuronUtilization: known(0.94),
    parameterEfficiency: known(0.71),
    trainingStability: known(0.83),
    gradientHealth: known(0.97),
    convergenceQuality: known(0.88),
    accuracyConsistency: {
      known: false,
      value: null,
      reason: 'the validation part has fewer than 100 samples',
    },
    score: 0.8811,
    overfittingGap: 0.011,
    calibrationError: 0.02,
    millisecondsPerSample: 0.05,
  },
];
