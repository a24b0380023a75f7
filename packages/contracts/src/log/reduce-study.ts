/**
 * The one reducer: orchestrator, gateway, CLI and browser fold the log with it, so they can't disagree.
 *
 * It folds in place and returns the same object (a study may have ten thousand trials, and an epoch must not
 * cost a copy of them). A caller that needs the state before an event clones it first.
 */
import { insertIntoFront } from './pareto-front.ts';
import { objectiveNames, objectiveValues, totalScore } from './objective.ts';
import { WIRE_VERSION } from '../wire.ts';
import { unknownEvent } from './read-event.ts';
import { applyToPlots } from './reduce-plots.ts';
import { applyToTraining, endTraining, newTraining } from './reduce-training.ts';
import type { StudyEvent, StudyEventOf } from './study-event.ts';
import {
  hasOutcome,
  isTrial,
  jobEnded,
  trainingOf,
  WARNINGS_KEPT,
  type StudyState,
  type TrialState,
} from './study-state.ts';
import {
  isJobEvent,
  isPlotsEvent,
  isTrainingEvent,
  jobTransitions,
  type TrainingEvent,
} from './transitions.ts';

/**
 * The state after the event. The first event of a log makes the state; an event already folded changes nothing.
 * @throws OneginError `newer-version` for an event that this version doesn't know; the state is then as it was
 */
export function reduceStudy(state: StudyState | null, event: StudyEvent): StudyState {
  if (!state) {
    if (event.type !== 'JobRequested')
      throw new Error(`a study log starts with JobRequested, found ${event.type}`);
    return newStudy(event);
  }
  if (event.seq <= state.seq) return state;
  apply(state, event);
  state.seq = event.seq;
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
  if (isTrainingEvent(event)) return applyToTrainings(state, event);
  if (isPlotsEvent(event)) return applyToPlots(state, event);
  if (!isJobEvent(event)) throw unknownEvent(event, WIRE_VERSION + 1);
  state.status = jobTransitions[event.type].jobTo ?? state.status;
  switch (event.type) {
    case 'JobStarted':
      state.startedAt = event.at;
      break;
    case 'SearchEnded':
      state.searchEndReason = event.reason;
      break;
    case 'CancelRequested':
      state.cancelRequested = true;
      break;
    case 'Warning':
      state.warnings.push({ at: event.at, code: event.code, message: event.message, ...numberOf(event) });
      if (state.warnings.length > WARNINGS_KEPT) state.warnings.shift();
      break;
    case 'JobFailed':
      state.failure = { code: event.code, message: event.message };
      break;
  }
  if (jobEnded(state.status)) endJob(state, event.at);
}

function endJob(state: StudyState, at: number): void {
  state.endedAt = at;
  const { finalModel } = state;
  if (!finalModel || hasOutcome(finalModel.status)) return;
  finalModel.status = 'cancelled';
  endTraining(finalModel, at);
}

const numberOf = (event: { number?: number }) => (event.number === undefined ? {} : { number: event.number });

function applyToTrainings(state: StudyState, event: StudyEvent & TrainingEvent): void {
  const { target } = event;
  if (event.type === 'TrainingQueued') {
    if (target === 'final') state.finalModel = { trial: event.trial!, ...newTraining(event) };
    else addTrial(state, { number: target, source: event.source, values: null, ...newTraining(event) });
    return;
  }
  const training = trainingOf(state, target);
  if (!training) return;
  const before = training.status;
  applyToTraining(training, event);
  if (!isTrial(training)) return;
  state.counts[before]--;
  state.counts[training.status]++;
  if (hasOutcome(training.status)) state.open.splice(state.open.indexOf(training.number), 1);
  if (training.status === 'completed') judgeCompleted(state, training);
}

function addTrial(state: StudyState, trial: TrialState): void {
  state.trials[trial.number] = trial;
  state.open.push(trial.number);
  state.counts.queued++;
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
