/**
 * The transition check in TypeScript: for the in-process runner, and as the reference that the log's script is
 * tested against.
 */
import type { NewStudyEvent } from './study-event.ts';
import type { JobStatus } from './study-state.ts';
import { transitionOf, type Refusal, type Transition } from './transitions.ts';

/** What the check remembers of a study. */
export interface StudyRecords {
  job: JobStatus | null;
  cancelRequested: boolean;
  trials: number;
  readonly subjects: Map<string, { status: string; counter: number; epoch: number }>;
}

export const newRecords = (): StudyRecords => ({
  job: null,
  cancelRequested: false,
  trials: 0,
  subjects: new Map(),
});

/** Accepts the event and updates the records, or says why it is refused and leaves them as they were. */
export function acceptEvent(records: StudyRecords, event: NewStudyEvent): Refusal | null {
  const transition = transitionOf(event);
  const refusal = refusalOf(records, transition);
  if (refusal) return refusal;
  const { subject } = transition;
  if (subject) {
    const before = records.subjects.get(subject.name) ?? { counter: 0, epoch: 0 };
    // A new set of charts counts its charts from none.
    const newRun = subject.name.startsWith('plots:') && subject.counter?.rule === 'next';
    records.subjects.set(subject.name, {
      status: subject.to,
      counter: subject.counter?.value ?? before.counter,
      epoch: newRun ? 0 : (subject.epoch?.value ?? before.epoch),
    });
  }
  if (transition.jobTo) records.job = transition.jobTo;
  if (transition.cancel === 'set') records.cancelRequested = true;
  if (transition.nextTrial !== undefined) records.trials++;
  return null;
}

function refusalOf(records: StudyRecords, transition: Transition): Refusal | null {
  if (transition.job.length === 0) return records.job === null ? null : 'job-exists';
  if (records.job === null) return 'job-unknown';
  if (!transition.job.includes(records.job)) return 'job-status';
  if (records.cancelRequested && (transition.cancel === 'absent' || transition.cancel === 'set'))
    return 'cancel-requested';
  if (!records.cancelRequested && transition.cancel === 'present') return 'cancel-not-requested';
  if (transition.nextTrial !== undefined && transition.nextTrial !== records.trials) return 'trial-number';
  return transition.subject ? subjectRefusal(records, transition.subject) : null;
}

function subjectRefusal(records: StudyRecords, subject: NonNullable<Transition['subject']>): Refusal | null {
  const before = records.subjects.get(subject.name) ?? { status: '', counter: 0, epoch: 0 };
  if (!subject.from.includes(before.status)) return 'subject-status';
  const { counter, epoch } = subject;
  if (counter && counter.value !== before.counter + (counter.rule === 'next' ? 1 : 0)) return 'attempt';
  if (epoch?.rule === 'next' && epoch.value !== before.epoch + 1) return 'epoch';
  if (epoch?.rule === 'above' && epoch.value <= before.epoch) return 'epoch';
  return null;
}
