/** The part of the reducer for one training: what trials and the final model have in common. */
import type { StudyEventOf, StudyEvent } from './study-event.ts';
import type { TrainingState, TrainingStatus } from './study-state.ts';

/** What a trial or the final model is when it is queued for the first time. */
export function newTraining(
  event: StudyEventOf<'TrialQueued'> | StudyEventOf<'FinalModelQueued'>,
): TrainingState {
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

/** What becomes of a trial or the final model with an event about it. */
export function applyToTraining(training: TrainingState, event: StudyEvent): void {
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
      endTraining(training, 'completed', event.at);
      break;
    case 'TrialPruned':
      training.reason = event.reason;
      endTraining(training, 'pruned', event.at);
      break;
    case 'TrialFailed':
    case 'FinalModelFailed':
      training.failure = {
        code: event.code,
        message: event.message,
        attempt: training.attempt,
        trainer: training.trainer,
      };
      endTraining(training, 'failed', event.at);
      break;
    case 'TrialCancelled':
      endTraining(training, 'cancelled', event.at);
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

export function endTraining(training: TrainingState, status: TrainingStatus, at: number): void {
  training.status = status;
  training.endedAt = at;
  // An ended training is never resumed; the trainer that ran it stays named.
  training.checkpoint = null;
}
