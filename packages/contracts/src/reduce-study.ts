/**
 * The one reducer: orchestrator, gateway, CLI and browser fold the log with it, so they can't disagree.
 *
 * It folds in place and returns the same object (a study may have ten thousand trials, and an epoch must not
 * cost a copy of them). Whoever needs the state before an event clones it first.
 */
import { insertIntoFront } from './pareto-front.ts';
import { objectiveNames, objectiveValues, totalScore } from './objective.ts';
import type { NewStudyEvent, StudyEvent } from './study-event.ts';
import {
  hasOutcome,
  WARNINGS_KEPT,
  type PlotsState,
  type StudyState,
  type TrainingState,
  type TrainingStatus,
  type TrialState,
} from './study-state.ts';
import type { PlotTarget } from './targets.ts';

type EventOf<Type extends NewStudyEvent['type']> = Extract<StudyEvent, { type: Type }>;

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

function newStudy({ config, at, seq }: EventOf<'JobRequested'>): StudyState {
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
    failedInARow: 0,
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
        end(state.finalModel, 'cancelled', event.at);
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
  if (event.type === 'TrialFailed') state.failedInARow++;
}

function newTraining(event: EventOf<'TrialQueued'> | EventOf<'FinalModelQueued'>): TrainingState {
  return {
    params: event.params,
    seed: event.seed,
    resource: event.resource,
    status: 'queued',
    untilEpoch: event.untilEpoch,
    attempt: 0,
    failures: 0,
    lost: 0,
    run: 1,
    notBefore: event.at,
    trainer: null,
    engine: null,
    queuedAt: event.at,
    startedAt: null,
    endedAt: null,
    epochs: [],
    checkpoint: null,
    result: null,
    artifacts: [],
    failure: null,
    reason: null,
  };
}

/** What trial and final model have in common. */
function applyToTraining(training: TrainingState, event: StudyEvent): void {
  switch (event.type) {
    case 'TrialStarted':
    case 'FinalModelStarted':
      // Nobody else had noticed that its trainer was lost.
      if (training.status === 'running') training.lost++;
      training.status = 'running';
      training.attempt = event.attempt;
      training.trainer = event.trainer;
      training.engine = `${event.engine} on ${event.device}`;
      training.startedAt ??= event.at;
      break;
    case 'EpochEnded':
    case 'FinalModelProgressed':
      training.epochs.push(event.summary);
      if (event.checkpoint) training.checkpoint = event.checkpoint;
      break;
    case 'TrialPaused':
      training.status = 'paused';
      training.trainer = null;
      break;
    case 'TrialPromoted':
      requeue(training, event.at, 'promoted');
      training.untilEpoch = event.untilEpoch;
      break;
    case 'TrialHandedBack':
    case 'FinalModelHandedBack':
      training.status = 'queued';
      training.trainer = null;
      if (event.checkpoint) training.checkpoint = event.checkpoint;
      break;
    case 'TrialInterrupted':
    case 'FinalModelInterrupted':
      training.status = 'queued';
      training.lost++;
      training.trainer = null;
      training.reason = event.reason;
      break;
    case 'TrialAttemptFailed':
    case 'FinalModelAttemptFailed':
      training.status = 'failing';
      training.failures++;
      training.failure = {
        code: event.code,
        message: event.message,
        attempt: event.attempt,
        trainer: event.trainer,
      };
      training.trainer = null;
      break;
    case 'TrialRequeued':
    case 'FinalModelRequeued':
      requeue(training, event.at + event.delayMs, event.reason);
      break;
    case 'TrialCompleted':
    case 'FinalModelReady':
      training.result = event.result;
      training.artifacts = event.artifacts;
      end(training, 'completed', event.at);
      break;
    case 'TrialPruned':
      training.reason = event.reason;
      end(training, 'pruned', event.at);
      break;
    case 'TrialFailed':
    case 'FinalModelFailed':
      training.failure = {
        code: event.code,
        message: event.message,
        attempt: training.attempt,
        trainer: training.trainer,
      };
      end(training, 'failed', event.at);
      break;
    case 'TrialCancelled':
      end(training, 'cancelled', event.at);
      break;
  }
}

function requeue(training: TrainingState, notBefore: number, reason: string): void {
  training.status = 'queued';
  training.run++;
  training.notBefore = notBefore;
  training.reason = reason;
  training.trainer = null;
}

function end(training: TrainingState, status: TrainingStatus, at: number): void {
  training.status = status;
  training.endedAt = at;
  // An ended training is never resumed; the trainer that ran it stays named.
  training.checkpoint = null;
}

function judgeCompleted(state: StudyState, trial: TrialState): void {
  const { objective } = state.config;
  trial.values = objectiveValues(objective, trial.result!);
  state.unplotted.push(trial.number);
  state.failedInARow = 0;
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

type PlotsEvent = Extract<StudyEvent, { target: PlotTarget }>;

function applyToPlots(state: StudyState, event: PlotsEvent): void {
  const key = String(event.target);
  if (event.type === 'PlotsQueued') {
    const earlier = state.plots[key];
    state.plots[key] = {
      target: event.target,
      run: event.run,
      status: 'queued',
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
  plots.activeAt = event.at;
  applyPlotsProgress(plots, event);
}

function applyPlotsProgress(plots: PlotsState, event: Exclude<PlotsEvent, { type: 'PlotsQueued' }>): void {
  switch (event.type) {
    case 'PlotsProgressed':
      plots.done = event.done;
      plots.total = event.total;
      plots.chart = event.chart;
      break;
    case 'PlotsReady':
      plots.status = 'ready';
      plots.artifacts = event.artifacts;
      plots.chart = null;
      break;
    case 'PlotsFailed':
      plots.status = 'failed';
      plots.failure = { code: event.code, message: event.message };
      break;
  }
}

/** How many trials have an outcome. */
export const outcomes = ({ counts }: StudyState): number =>
  counts.completed + counts.pruned + counts.failed + counts.cancelled;

/** Trials without an outcome. */
export const openTrials = (state: StudyState): TrialState[] =>
  state.open.map((number) => state.trials[number]!);
