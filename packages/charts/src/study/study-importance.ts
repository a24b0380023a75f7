/** Importance of a study's parameters, in the form that charts take it: computed by packages/search. */
import { objectiveNames, type StudyState } from '@onegin/contracts';
import { importances, type Trial } from '@onegin/search';
import type { ImportanceShare } from './scored-trials.ts';

export type StudyImportance =
  | { readonly available: true; readonly shares: readonly ImportanceShare[] }
  | { readonly available: false; readonly reason: string };

/**
 * By PED-ANOVA, which is fast for any number of trials. With several objectives and none chosen: what leads to
 * the Pareto front.
 */
export function studyImportance(state: StudyState, objective?: number): StudyImportance {
  const history: Trial[] = [];
  for (const trial of state.trials)
    if (trial?.status === 'completed')
      history.push({
        number: trial.number,
        params: trial.params,
        state: 'completed',
        values: trial.values,
        reports: [],
      });
  const found = importances(history, {
    space: state.config.space,
    directions: objectiveNames(state.config.objective.mode).map(({ direction }) => direction),
    ...(objective !== undefined && { objective }),
  });
  if (!found.available) return found;
  const shares = Object.entries(found.shares).map(([parameter, importance]) => ({ parameter, importance }));
  return { available: true, shares };
}
