/** All six metrics of a trial, and what is shown beside them. Formulas and sources: docs/health.md. */
import { healthScore, type EpochMetrics, type HealthReport } from '@onegin/contracts';
import type { NetworkPlan } from '../network/plan.ts';
import { accuracyConsistency } from './accuracy-consistency.ts';
import { calibrationError } from './calibration.ts';
import { convergenceQuality } from './convergence-quality.ts';
import { gradientHealth } from './gradient-health.ts';
import { neuronUtilization } from './neuron-utilization.ts';
import { linearParameters, parameterEfficiency } from './parameter-efficiency.ts';
import { trainingStability } from './training-stability.ts';
import type { UnitStatistics } from './unit-statistics.ts';

export interface HealthInput {
  plan: NetworkPlan;
  seed: number;
  epochs: readonly EpochMetrics[];
  /** Mean loss of every step. */
  stepLosses: readonly number[];
  /** Hidden layers on the fixed sample, after the last epoch. */
  layers: readonly UnitStatistics[];
  validation: { labels: Int32Array; predicted: Int32Array; probabilities: Float32Array; accuracy: number };
}

export function analyzeHealth(input: HealthInput): HealthReport {
  const { plan, epochs, stepLosses, validation } = input;
  const { labels, predicted, probabilities, accuracy } = validation;
  const last = epochs.at(-1);
  const metrics = {
    neuronUtilization: neuronUtilization(input.layers),
    parameterEfficiency: parameterEfficiency({
      accuracy,
      chance: mostFrequentShare(labels, plan.classes),
      parameters: plan.parameterCount,
      linearParameters: linearParameters(plan),
    }),
    trainingStability: trainingStability(stepLosses, plan.classes),
    gradientHealth: gradientHealth(epochs),
    convergenceQuality: convergenceQuality(
      epochs.map(({ validationLoss }) => validationLoss),
      stepLosses,
      plan.classes,
    ),
    accuracyConsistency: accuracyConsistency({ labels, predicted, classes: plan.classes, seed: input.seed }),
  };
  return {
    ...metrics,
    score: healthScore(metrics),
    overfittingGap: last ? last.trainAccuracy - last.validationAccuracy : null,
    calibrationError: calibrationError(probabilities, predicted, labels),
    millisecondsPerSample: last && last.samplesPerSecond > 0 ? 1000 / last.samplesPerSecond : null,
  };
}

function mostFrequentShare(labels: Int32Array, classes: number): number {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label]!++;
  return Math.max(...counts) / labels.length;
}
