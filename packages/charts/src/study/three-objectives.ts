/** Accuracy, health and size of every completed trial: what Pareto charts show, whatever the study's mode was. */
import { healthScore, type StudyState } from '@onegin/contracts';
import { finite } from '../gaps.ts';
import type { StudyChoice } from './scored-trials.ts';

export interface ThreeObjectives {
  readonly number: number;
  readonly accuracy: number;
  /** Null where no metric could be measured. */
  readonly health: number | null;
  readonly parameters: number;
}

export function threeObjectives(
  state: StudyState,
  { only }: Pick<StudyChoice, 'only'> = {},
): ThreeObjectives[] {
  const { weights } = state.config.objective;
  const found: ThreeObjectives[] = [];
  for (const trial of state.trials) {
    if (trial?.status !== 'completed' || !trial.result || only?.has(trial.number) === false) continue;
    const accuracy = finite(trial.result.accuracy);
    if (accuracy === null) continue;
    const health = finite(healthScore(trial.result.health, weights));
    found.push({
      number: trial.number,
      accuracy,
      health,
      parameters: Math.max(1, trial.result.parameterCount),
    });
  }
  return found;
}
