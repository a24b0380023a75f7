/**
 * What a study optimizes: from what a trial measured to the objective values, in one place, so that
 * orchestrator, API and screen agree.
 *
 *   simple   accuracy                                                    maximize
 *   health   (1 − h)·accuracy + h·Σ wᵢ·metricᵢ                           maximize
 *   pareto   accuracy, Σ wᵢ·metricᵢ, log10(parameters)                   maximize, maximize, minimize
 */
import { healthObjective, healthScore } from '../health.ts';
import type { HealthReport } from '../health-report.ts';
import type { Mode, Objective } from '../request/objective-schema.ts';

/** What a finished training measured and the objective needs. */
export interface Measures {
  /** Validation accuracy in [0, 1]. */
  readonly accuracy: number;
  readonly health: HealthReport;
  readonly parameterCount: number;
}

export type ObjectiveDirection = 'maximize' | 'minimize';

export function objectiveNames(mode: Mode): { name: string; direction: ObjectiveDirection }[] {
  const maximize = (name: string) => ({ name, direction: 'maximize' as const });
  switch (mode) {
    case 'simple':
      return [maximize('accuracy')];
    case 'health':
      return [maximize('total score')];
    case 'pareto':
      return [maximize('accuracy'), maximize('health'), { name: 'log10(parameters)', direction: 'minimize' }];
  }
}

/** One number per objective of the mode; not finite where the measures aren't. */
export function objectiveValues(objective: Objective, measures: Measures): number[] {
  switch (objective.mode) {
    case 'simple':
      return [measures.accuracy];
    case 'health':
      return [totalScore(objective, measures)];
    case 'pareto':
      return [
        measures.accuracy,
        healthScore(measures.health, objective.weights) ?? Number.NaN,
        Math.log10(Math.max(1, measures.parameterCount)),
      ];
  }
}

/** (1 − h)·accuracy + h·health; the accuracy alone where no health metric could be measured. */
export const totalScore = ({ weights }: Pick<Objective, 'weights'>, { accuracy, health }: Measures): number =>
  healthObjective(accuracy, health, weights);
