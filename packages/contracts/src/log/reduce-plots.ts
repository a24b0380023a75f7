/** The part of the reducer for charts: of each trial, and of the study at its milestones. */
import type { StudyEvent } from './study-event.ts';
import { outcomes, type PlotsState, type StudyState } from './study-state.ts';
import { plotsTransitions, type PlotsEvent } from './transitions.ts';

/** What becomes of the charts of a trial or of the study. */
export function applyToPlots(state: StudyState, event: StudyEvent & PlotsEvent): void {
  const key = String(event.target);
  if (event.type === 'PlotsQueued') {
    const earlier = state.plots[key];
    state.plots[key] = {
      target: event.target,
      run: event.run,
      status: plotsTransitions.PlotsQueued.to,
      done: 0,
      total: null,
      chart: null,
      // Charts of an earlier milestone stay until newer ones replace them.
      artifacts: earlier?.artifacts ?? [],
      failure: null,
      queuedAt: event.at,
      activeAt: event.at,
      trialsThen: outcomes(state),
    };
    state.unplotted = state.unplotted.filter((number) => number !== event.target);
    return;
  }
  const plots = state.plots[key];
  if (!plots || plots.run !== event.run) return;
  plots.status = plotsTransitions[event.type].to;
  plots.activeAt = event.at;
  applyPlotsProgress(plots, event);
}

function applyPlotsProgress(
  plots: PlotsState,
  event: StudyEvent & Exclude<PlotsEvent, { type: 'PlotsQueued' }>,
): void {
  switch (event.type) {
    case 'PlotsProgressed':
      plots.done = event.done;
      plots.total = event.total;
      plots.chart = event.chart;
      break;
    case 'PlotsReady':
      plots.artifacts = event.artifacts;
      plots.chart = null;
      break;
    case 'PlotsFailed':
      plots.failure = { code: event.code, message: event.message };
      break;
  }
}
