/** The events of a training, written the same way for a trial and for the final model. */
import type { NewStudyEvent } from './study-event.ts';
import type { TrainingTarget } from '../targets.ts';

type Fields<Type extends NewStudyEvent['type']> = Omit<Extract<NewStudyEvent, { type: Type }>, 'type'>;

export interface TrainingEvents {
  started(fields: Fields<'FinalModelStarted'>): NewStudyEvent;
  epoch(fields: Fields<'FinalModelProgressed'>): NewStudyEvent;
  handedBack(fields: Fields<'FinalModelHandedBack'>): NewStudyEvent;
  interrupted(fields: Fields<'FinalModelInterrupted'>): NewStudyEvent;
  attemptFailed(fields: Fields<'FinalModelAttemptFailed'>): NewStudyEvent;
  requeued(fields: Fields<'FinalModelRequeued'>): NewStudyEvent;
  completed(fields: Fields<'FinalModelReady'>): NewStudyEvent;
  failed(fields: Fields<'FinalModelFailed'>): NewStudyEvent;
}

const finalEvents: TrainingEvents = {
  started: (fields) => ({ type: 'FinalModelStarted', ...fields }),
  epoch: (fields) => ({ type: 'FinalModelProgressed', ...fields }),
  handedBack: (fields) => ({ type: 'FinalModelHandedBack', ...fields }),
  interrupted: (fields) => ({ type: 'FinalModelInterrupted', ...fields }),
  attemptFailed: (fields) => ({ type: 'FinalModelAttemptFailed', ...fields }),
  requeued: (fields) => ({ type: 'FinalModelRequeued', ...fields }),
  completed: (fields) => ({ type: 'FinalModelReady', ...fields }),
  failed: (fields) => ({ type: 'FinalModelFailed', ...fields }),
};

const trialEvents = (number: number): TrainingEvents => ({
  started: (fields) => ({ type: 'TrialStarted', number, ...fields }),
  epoch: (fields) => ({ type: 'EpochEnded', number, ...fields }),
  handedBack: (fields) => ({ type: 'TrialHandedBack', number, ...fields }),
  interrupted: (fields) => ({ type: 'TrialInterrupted', number, ...fields }),
  attemptFailed: (fields) => ({ type: 'TrialAttemptFailed', number, ...fields }),
  requeued: (fields) => ({ type: 'TrialRequeued', number, ...fields }),
  completed: (fields) => ({ type: 'TrialCompleted', number, ...fields }),
  failed: (fields) => ({ type: 'TrialFailed', number, ...fields }),
});

export const trainingEvents = (target: TrainingTarget): TrainingEvents =>
  target === 'final' ? finalEvents : trialEvents(target);
