/**
 * The state as viewers are sent it: of completed trials without what their stored metrics say more fully, which is
 * most of a large study's bytes. Nothing that a later event could change is left out, so viewers go on folding.
 */
import type { StudyState, TrialState } from '@onegin/contracts';

/** A completed trial never changes. */
const known = new WeakMap<TrialState, TrialState>();

export const viewersState = (state: StudyState): StudyState => ({
  ...state,
  trials: state.trials.map(viewersTrial),
});

export function viewersTrial(trial: TrialState): TrialState {
  if (trial.status !== 'completed') return trial;
  const before = known.get(trial);
  if (before) return before;
  const metrics = trial.artifacts.filter(({ kind }) => kind === 'metrics');
  // Without them the log is all there is.
  if (metrics.length === 0) return trial;
  const short = {
    ...trial,
    checkpoint: null,
    artifacts: metrics,
    epochs: trial.epochs.map(({ layers: _layers, ...epoch }) => epoch),
  };
  known.set(trial, short);
  return short;
}
