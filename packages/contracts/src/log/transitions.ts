/**
 * The transition table: which event may follow which state. The study log checks it inside Redis, in the
 * same step that appends the event, so a duplicate or late event is refused instead of sorted out later.
 *
 * What the check needs is small: the job's status, and one record `status:counter:epoch` per subject (a
 * training or a set of charts). For a training the counter is its attempt, for charts their run.
 */
import type { NewStudyEvent } from './study-event.ts';
import type { JobStatus } from './study-state.ts';

/** What must hold for an event, and what holds after it. Plain data: the log's script reads it as JSON. */
export interface Transition {
  /** Job statuses in which the event is allowed; an empty list: the job must not exist yet. */
  readonly job: readonly JobStatus[];
  readonly jobTo?: JobStatus;
  /** Whether a cancel must not (`absent`) or must (`present`) have been requested, or is requested now. */
  readonly cancel?: 'absent' | 'present' | 'set';
  readonly subject?: {
    /** `trial:3`, `final`, `plots:study` */
    readonly name: string;
    /** Allowed statuses before; the empty string: no record yet. */
    readonly from: readonly string[];
    readonly to: string;
    /** `equals`: must be this. `next`: must be one more than before, and is kept. */
    readonly counter?: { readonly rule: 'equals' | 'next'; readonly value: number };
    /** `next`: exactly one more than before. `above`: more than before. */
    readonly epoch?: { readonly rule: 'next' | 'above'; readonly value: number };
  };
  /** The trial's number must be the next one of the study. */
  readonly nextTrial?: number;
}

type Subject = NonNullable<Transition['subject']>;

const RUNNING: readonly JobStatus[] = ['running'];
const FINALIZING: readonly JobStatus[] = ['finalizing'];
const OPEN: readonly JobStatus[] = ['queued', 'running', 'finalizing'];

const from = (...statuses: string[]) => statuses;
const ANY_OPEN = from('queued', 'running', 'paused', 'failing');

/** Of an attempt that must be the present one. */
const present = (attempt: number) => ({ counter: { rule: 'equals', value: attempt } }) as const;
const nextAttempt = (attempt: number) => ({ counter: { rule: 'next', value: attempt } }) as const;

export function transitionOf(event: NewStudyEvent): Transition {
  switch (event.type) {
    case 'JobRequested':
      return { job: [], jobTo: 'queued' };
    case 'JobStarted':
      return { job: ['queued'], jobTo: 'running', cancel: 'absent' };
    case 'SearchEnded':
      return { job: RUNNING, jobTo: 'finalizing', cancel: 'absent' };
    case 'CancelRequested':
      return { job: OPEN, cancel: 'set' };
    case 'Warning':
      return { job: OPEN };
    case 'JobCompleted':
      return { job: FINALIZING, jobTo: 'completed', cancel: 'absent' };
    case 'JobFailed':
      return { job: OPEN, jobTo: 'failed' };
    case 'JobCancelled':
      return { job: OPEN, jobTo: 'cancelled', cancel: 'present' };
    default:
      return 'target' in event ? plotsTransition(event) : trainingTransition(event);
  }
}

type PlotsEvent = Extract<NewStudyEvent, { type: `Plots${string}` }>;

function plotsTransition(event: PlotsEvent): Transition {
  const name = `plots:${event.target}`;
  const job: readonly JobStatus[] = ['running', 'finalizing'];
  const run = { rule: 'equals', value: event.run } as const;
  switch (event.type) {
    case 'PlotsQueued':
      return {
        job,
        cancel: 'absent',
        subject: {
          name,
          from: ['', 'queued', 'ready', 'failed'],
          to: 'queued',
          counter: { rule: 'next', value: event.run },
        },
      };
    case 'PlotsProgressed':
      // The number of charts done stands in the epoch's place; a chart reported twice is refused.
      return {
        job,
        subject: {
          name,
          from: ['queued'],
          to: 'queued',
          counter: run,
          epoch: { rule: 'above', value: event.done },
        },
      };
    case 'PlotsReady':
      return { job, subject: { name, from: ['queued'], to: 'ready', counter: run } };
    case 'PlotsFailed':
      return { job, subject: { name, from: ['queued'], to: 'failed', counter: run } };
  }
}

type TrainingEvent = Extract<NewStudyEvent, { number: number } | { type: `FinalModel${string}` }>;

function trainingTransition(event: Exclude<TrainingEvent, { type: 'Warning' }>): Transition {
  const isFinal = !('number' in event);
  const on = (subject: Omit<Subject, 'name'>): Transition => ({
    job: isFinal ? FINALIZING : RUNNING,
    subject: { name: isFinal ? 'final' : `trial:${event.number}`, ...subject },
  });
  switch (event.type) {
    case 'TrialQueued':
      return { ...on({ from: [''], to: 'queued' }), cancel: 'absent', nextTrial: event.number };
    case 'FinalModelQueued':
      return { ...on({ from: [''], to: 'queued' }), cancel: 'absent' };
    case 'TrialStarted':
    case 'FinalModelStarted':
      // From running as well: the trainer that ran it is lost, and another has taken the queue entry.
      return {
        ...on({ from: ['queued', 'running'], to: 'running', ...nextAttempt(event.attempt) }),
        cancel: 'absent',
      };
    case 'EpochEnded':
    case 'FinalModelProgressed':
      return on({
        from: ['running'],
        to: 'running',
        ...present(event.attempt),
        epoch: { rule: 'next', value: event.summary.epoch },
      });
    case 'TrialPaused':
      return on({ from: ['running'], to: 'paused', ...present(event.attempt) });
    case 'TrialPromoted':
      return { ...on({ from: ['paused'], to: 'queued' }), cancel: 'absent' };
    case 'TrialHandedBack':
    case 'FinalModelHandedBack':
    case 'TrialInterrupted':
    case 'FinalModelInterrupted':
      return on({ from: ['running'], to: 'queued', ...present(event.attempt) });
    case 'TrialAttemptFailed':
    case 'FinalModelAttemptFailed':
      return on({ from: ['queued', 'running'], to: 'failing', ...present(event.attempt) });
    case 'TrialRequeued':
    case 'FinalModelRequeued':
      return { ...on({ from: ['queued', 'running', 'failing'], to: 'queued' }), cancel: 'absent' };
    case 'TrialCompleted':
    case 'FinalModelReady':
      return on({ from: ['running'], to: 'completed', ...present(event.attempt) });
    case 'TrialPruned':
      return on({ from: ['queued', 'running', 'paused'], to: 'pruned' });
    case 'TrialFailed':
    case 'FinalModelFailed':
      return on({ from: ANY_OPEN, to: 'failed' });
    case 'TrialCancelled':
      return on({ from: ANY_OPEN, to: 'cancelled' });
  }
}

/** Why the log refused an event. */
export type Refusal =
  | 'job-unknown'
  | 'job-exists'
  | 'job-status'
  | 'cancel-requested'
  | 'cancel-not-requested'
  | 'subject-status'
  | 'attempt'
  | 'epoch'
  | 'trial-number';

/** Whether an event can change what the orchestrator does next. Epochs count only where someone prunes by them. */
export function changesDecision(event: NewStudyEvent, pruning: boolean): boolean {
  switch (event.type) {
    case 'EpochEnded':
      return pruning;
    case 'TrialStarted':
    case 'FinalModelStarted':
    case 'FinalModelProgressed':
    case 'PlotsProgressed':
    case 'Warning':
      return false;
    default:
      return true;
  }
}
