/**
 * The events of version 1 (Onegin 0.1), which had each event of a training twice: once for trials, once for the final
 * model. The one place that knows their names.
 */
import type { NewStudyEvent, StudyEventType } from './study-event.ts';

/** An event whose type is not known yet. */
export type WrittenEvent = Readonly<Record<string, unknown>> & { readonly type: string };

const FINAL_MODEL: Readonly<Record<string, StudyEventType>> = {
  FinalModelQueued: 'TrainingQueued',
  FinalModelStarted: 'TrainingStarted',
  FinalModelProgressed: 'EpochEnded',
  FinalModelHandedBack: 'TrainingReleased',
  FinalModelInterrupted: 'TrainingInterrupted',
  FinalModelAttemptFailed: 'TrainingAttemptFailed',
  FinalModelRequeued: 'TrainingRequeued',
  FinalModelReady: 'TrainingCompleted',
  FinalModelFailed: 'TrainingFailed',
};

const TRIAL: Readonly<Record<string, StudyEventType>> = {
  TrialQueued: 'TrainingQueued',
  TrialStarted: 'TrainingStarted',
  EpochEnded: 'EpochEnded',
  TrialPaused: 'TrainingPaused',
  TrialPromoted: 'TrainingPromoted',
  TrialHandedBack: 'TrainingReleased',
  TrialInterrupted: 'TrainingInterrupted',
  TrialAttemptFailed: 'TrainingAttemptFailed',
  TrialRequeued: 'TrainingRequeued',
  TrialPruned: 'TrainingPruned',
  TrialCompleted: 'TrainingCompleted',
  TrialFailed: 'TrainingFailed',
  TrialCancelled: 'TrainingCancelled',
};

const inverted = (table: Readonly<Record<string, StudyEventType>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(table).map(([old, today]) => [today, old]));
const TRIAL_NAMES = inverted(TRIAL);
const FINAL_MODEL_NAMES = inverted(FINAL_MODEL);

/** An event of version 1 as today's. */
export function fromVersion1(event: WrittenEvent): WrittenEvent {
  const { type, number, ...rest } = event;
  if (Object.hasOwn(TRIAL, type)) return { type: TRIAL[type]!, target: number, ...rest };
  if (!Object.hasOwn(FINAL_MODEL, type)) return event;
  const source = type === 'FinalModelQueued' ? { source: 'best-trial' } : {};
  return { type: FINAL_MODEL[type]!, target: 'final', ...rest, ...source };
}

/** An event as version 1 called it, for programs that were written for it. */
export function toVersion1(event: NewStudyEvent): WrittenEvent {
  const { type, target, source, ...rest } = event as WrittenEvent;
  if (!TRIAL_NAMES.has(type)) return event;
  // Version 1 had no event for a final model that is cancelled: the end of its job said so.
  if (target === 'final') return { type: FINAL_MODEL_NAMES.get(type) ?? type, ...rest };
  return { type: TRIAL_NAMES.get(type)!, number: target, ...rest, ...(source !== undefined && { source }) };
}
