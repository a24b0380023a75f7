/** The part of the reducer for one training: of a trial, or of the final model. */
import type { StudyEvent, StudyEventOf } from './study-event.ts';
import { hasOutcome, type TrainingState } from './study-state.ts';
import { trainingTransitions, type TrainingEvent } from './transitions.ts';

/** What a training is when it is queued for the first time. */
export function newTraining(event: StudyEventOf<'TrainingQueued'>): TrainingState {
  return {
    params: event.params,
    seed: event.seed,
    resource: event.resource,
    status: trainingTransitions.TrainingQueued.to,
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

/** What becomes of a training with an event about it. */
export function applyToTraining(training: TrainingState, event: StudyEvent & TrainingEvent): void {
  const before = training.status;
  training.status = trainingTransitions[event.type].to;
  switch (event.type) {
    case 'TrainingStarted':
      // Nobody else had noticed that its trainer was lost.
      if (before === 'running') training.lost++;
      training.attempt = event.attempt;
      training.trainer = event.trainer;
      training.engine = `${event.engine} on ${event.device}`;
      training.startedAt ??= event.at;
      break;
    case 'EpochEnded':
      training.epochs.push(event.summary);
      if (event.checkpoint) training.checkpoint = event.checkpoint;
      break;
    case 'TrainingPromoted':
      requeue(training, event.at, 'promoted');
      training.untilEpoch = event.untilEpoch;
      break;
    case 'TrainingReleased':
      if (event.checkpoint) training.checkpoint = event.checkpoint;
      break;
    case 'TrainingInterrupted':
      training.lost++;
      training.reason = event.reason;
      break;
    case 'TrainingAttemptFailed':
      training.failures++;
      training.failure = failureOf(event, event);
      break;
    case 'TrainingRequeued':
      requeue(training, event.at + event.delayMs, event.reason);
      break;
    case 'TrainingCompleted':
      training.result = event.result;
      training.artifacts = event.artifacts;
      break;
    case 'TrainingPruned':
      training.reason = event.reason;
      break;
    case 'TrainingFailed':
      training.failure = failureOf(event, training);
      break;
  }
  if (hasOutcome(training.status)) endTraining(training, event.at);
  // The trainer that ran it to its end stays named.
  else if (training.status !== 'running') training.trainer = null;
}

const failureOf = (
  { code, message }: StudyEventOf<'TrainingFailed' | 'TrainingAttemptFailed'>,
  { attempt, trainer }: Pick<TrainingState, 'attempt' | 'trainer'>,
): TrainingState['failure'] => ({ code, message, attempt, trainer });

function requeue(training: TrainingState, notBefore: number, reason: string): void {
  training.run++;
  training.notBefore = notBefore;
  training.reason = reason;
}

export function endTraining(training: TrainingState, at: number): void {
  training.endedAt = at;
  // An ended training is never resumed.
  training.checkpoint = null;
}
