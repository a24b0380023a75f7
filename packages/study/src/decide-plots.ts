/** Which charts are asked for: each completed trial's once, the study's at milestones and at its end. */
import { outcomes, type NewStudyEvent, type PlotsState, type StudyState } from '@onegin/contracts';

/** The study's charts are drawn again when it has grown by this factor, so that their cost stays a constant share. */
const MILESTONE_GROWTH = 1.5;

export const trialPlots = (state: StudyState): NewStudyEvent[] =>
  state.unplotted.map((number) => ({ type: 'PlotsQueued', target: number, run: 1 }));

export function milestonePlots(state: StudyState): NewStudyEvent[] {
  const plots = state.plots['study'];
  const done = outcomes(state);
  if (done === 0 || plots?.status === 'queued') return [];
  return !plots || done >= plots.trialsThen * MILESTONE_GROWTH ? [queueStudyPlots(plots)] : [];
}

/** At the end the study's charts show every trial. */
export function lastPlots(state: StudyState): NewStudyEvent[] {
  const plots = state.plots['study'];
  if (plots?.status === 'queued') return [];
  return !plots || plots.trialsThen < outcomes(state) ? [queueStudyPlots(plots)] : [];
}

const queueStudyPlots = (plots: PlotsState | undefined): NewStudyEvent => ({
  type: 'PlotsQueued',
  target: 'study',
  run: (plots?.run ?? 0) + 1,
});

/** Charts that are still to come, and when to stop waiting for them. */
export function openPlots(state: StudyState): { count: number; giveUpAt: number } {
  let count = 0;
  let activeAt = 0;
  for (const plots of Object.values(state.plots)) {
    if (plots.status === 'queued') count++;
    activeAt = Math.max(activeAt, plots.activeAt);
  }
  return { count, giveUpAt: activeAt + state.config.plotsTimeoutSeconds * 1000 };
}
