/**
 * What a training's health is written down as. Beside `health.ts`, so that a page that only counts with health needs no
 * zod.
 */
import * as z from 'zod';
import { wireObject } from './wire-object.ts';

const healthValueSchema = z.discriminatedUnion('known', [
  wireObject({ known: z.literal(true), value: z.number().min(0).max(1) }),
  wireObject({ known: z.literal(false), value: z.null(), reason: z.string().min(1) }),
]);
export type HealthValue = z.infer<typeof healthValueSchema>;

export const healthReportSchema = wireObject({
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

export const healthWeightsSchema = wireObject({
  /** h: the part of health in the objective; accuracy has 1 − h. */
  health: weight,
  metrics: wireObject({
    neuronUtilization: weight,
    parameterEfficiency: weight,
    trainingStability: weight,
    gradientHealth: weight,
    convergenceQuality: weight,
    accuracyConsistency: weight,
  }),
});
export type HealthWeights = z.infer<typeof healthWeightsSchema>;

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
