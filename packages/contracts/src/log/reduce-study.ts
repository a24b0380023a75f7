/**
 * The one reducer: orchestrator, gateway, CLI and browser fold the log with it, so they can't disagree.
 *
 * It folds in place and returns the same object (a study may have ten thousand trials, and an epoch must not
 * cost a copy of them). Whoever needs the state before an event clones it first.
 */
import { insertIntoFront } from './pareto-front.ts';
import { objectiveNames, objectiveValues, totalScore } from './objective.ts';
import type { StudyEventOf, StudyEvent } from './study-event.ts';
import { applyToPlots } from './reduce-plots.ts';
import { applyToTraining, endTraining, newTraining } from './reduce-training.ts';
import { hasOutcome, WARNINGS_KEPT, type StudyState, type TrialState } from './study-state.ts';

/** The state after the event. The first event of a log makes the state; an event already folded changes nothing. */
export function reduceStudy(state: StudyState | null, event: StudyEvent): StudyState {
  if (!state) {
    if (event.type !== 'JobRequested')
      throw new Error(`a study log starts with JobRequested, found ${event.type}`);
    return newStudy(event);
  }
  if (event.seq <= state.seq) return state;
  state.seq = event.seq;
  apply(state, event);
  return state;
}

function newStudy({ config, at, seq }: StudyEventOf<'JobRequested'>): StudyState {
  return {
    jobId: config.jobId,
    seq,
    config,
    status: 'queued',
    createdAt: at,
    startedAt: null,
    endedAt: null,
    cancelRequested: false,
    trials: [],
    open: [],
    unplotted: [],
    counts: {
      queued: 0,
      running: 0,
      paused: 0,
      failing: 0,
      pruned: 0,
      completed: 0,
      failed: 0,
      cancelled: 0,
    },
    best: null,
    front: [],
    searchEndReason: null,
    finalModel: null,
    plots: {},
    warnings: [],
    failure: null,
  };
}

function apply(state: StudyState, event: StudyEvent): void {
  if ('number' in event && event.type !== 'Warning') return applyToTrial(state, event);
  if (event.type.startsWith('FinalModel')) return applyToFinalModel(state, event);
  switch (event.type) {
    case 'JobStarted':
      state.status = 'running';
      state.startedAt = event.at;
      break;
    case 'SearchEnded':
      state.status = 'finalizing';
      state.searchEndReason = event.reason;
      break;
    case 'CancelRequested':
      state.cancelRequested = true;
      break;
    case 'Warning':
      state.warnings.push({ at: event.at, code: event.code, message: event.message, ...numberOf(event) });
      if (state.warnings.length > WARNINGS_KEPT) state.warnings.shift();
      break;
    case 'PlotsQueued':
    case 'PlotsProgressed':
    case 'PlotsReady':
    case 'PlotsFailed':
      applyToPlots(state, event);
      break;
    case 'JobCompleted':
    case 'JobFailed':
    case 'JobCancelled':
      state.status =
        event.type === 'JobCompleted' ? 'completed' : event.type === 'JobFailed' ? 'failed' : 'cancelled';
      state.endedAt = event.at;
      if (state.finalModel && !hasOutcome(state.finalModel.status))
        endTraining(state.finalModel, 'cancelled', event.at);
      if (event.type === 'JobFailed') state.failure = { code: event.code, message: event.message };
      break;
  }
}

const numberOf = (event: { number?: number }) => (event.number === undefined ? {} : { number: event.number });

type TrialEvent = Exclude<Extract<StudyEvent, { number: number }>, { type: 'Warning' }>;

function applyToTrial(state: StudyState, event: TrialEvent): void {
  if (event.type === 'TrialQueued') {
    state.trials[event.number] = {
      number: event.number,
      source: event.source,
      values: null,
      ...newTraining(event),
    };
    state.open.push(event.number);
    state.counts.queued++;
    return;
  }
  const trial = state.trials[event.number];
  if (!trial) return;
  const before = trial.status;
  applyToTraining(trial, event);
  state.counts[before]--;
  state.counts[trial.status]++;
  if (hasOutcome(trial.status)) state.open.splice(state.open.indexOf(trial.number), 1);
  if (event.type === 'TrialCompleted') judgeCompleted(state, trial);
}

function judgeCompleted(state: StudyState, trial: TrialState): void {
  const { objective } = state.config;
  trial.values = objectiveValues(objective, trial.result!);
  state.unplotted.push(trial.number);
  const best = state.best === null ? null : state.trials[state.best]!;
  if (objective.mode === 'pareto') {
    const directions = objectiveNames('pareto').map(({ direction }) => direction);
    state.front = insertIntoFront(state.front, trial.number, (n) => state.trials[n]!.values!, directions);
    // One winner is still wanted for the final model: the total score of health mode picks it.
    if (!best || totalScore(objective, trial.result!) > totalScore(objective, best.result!))
      state.best = trial.number;
  } else if (!best || trial.values[0]! > best.values![0]!) state.best = trial.number;
}

function applyToFinalModel(state: StudyState, event: StudyEvent): void {
  if (event.type === 'FinalModelQueued') state.finalModel = { trial: event.trial, ...newTraining(event) };
  else if (state.finalModel) applyToTraining(state.finalModel, event);
}
