/**
 * The state as it is sent to viewers: completed trials without what their stored metrics contain in more detail, which
 * is most of a large study's bytes. Nothing that a later event could change is left out, so viewers can go on folding.
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
  // Without stored metrics, the log is the only source.
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
