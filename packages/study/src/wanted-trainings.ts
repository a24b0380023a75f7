/** How many trainings a study would run at once if there were trainers for all of them; what autoscaling aims at. */
import { hasOutcome, jobEnded, type StudyState } from '@onegin/contracts';

/**
 * Tasks alone do not say it: a study asks for no more trials than live trainers can take, so with few
 * trainers few tasks wait, and with none exactly one.
 *
 * @param searchEnded whether no further trial will be asked for
 */
export function wantedTrainings(state: StudyState, searchEnded: boolean): number {
  if (jobEnded(state.status) || state.cancelRequested) return 0;
  if (state.status === 'finalizing') {
    const { finalModel } = state;
    return finalModel && !hasOutcome(finalModel.status) ? 1 : 0;
  }
  const { parallelism, trials: budget } = state.config.request;
  // Paused trials wait for a verdict, not for a trainer.
  const underWay = state.open.length - state.counts.paused;
  const toCome = searchEnded ? 0 : Math.max(0, budget - state.trials.length);
  return Math.min(parallelism, underWay + toCome);
}
