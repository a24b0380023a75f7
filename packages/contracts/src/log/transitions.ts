/**
 * The transition table: which event may follow which state. The study log checks it inside Redis, in the
 * same step that appends the event, so a duplicate or late event is refused instead of sorted out later. The reducer
 * takes the status after an event from here too.
 *
 * What the check needs is small: the job's status, and one record `status:counter:epoch` per subject (a
 * training or a set of charts). For a training the counter is its attempt, for charts their run.
 */
import type { NewStudyEvent } from './study-event.ts';
import type { JobStatus, PlotsState, TrainingStatus } from './study-state.ts';

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

export type PlotsEvent = Extract<NewStudyEvent, { type: `Plots${string}` }>;
export type TrainingEvent = Extract<NewStudyEvent, { type: `Training${string}` | 'EpochEnded' }>;
type JobEvent = Exclude<NewStudyEvent, PlotsEvent | TrainingEvent>;

const OPEN: readonly JobStatus[] = ['queued', 'running', 'finalizing'];

export const jobTransitions: Readonly<Record<JobEvent['type'], Transition>> = {
  JobRequested: { job: [], jobTo: 'queued' },
  JobStarted: { job: ['queued'], jobTo: 'running', cancel: 'absent' },
  SearchEnded: { job: ['running'], jobTo: 'finalizing', cancel: 'absent' },
  CancelRequested: { job: OPEN, cancel: 'set' },
  Warning: { job: OPEN },
  JobCompleted: { job: ['finalizing'], jobTo: 'completed', cancel: 'absent' },
  JobFailed: { job: OPEN, jobTo: 'failed' },
  JobCancelled: { job: OPEN, jobTo: 'cancelled', cancel: 'present' },
};

interface TrainingTransition {
  /** The empty string: it doesn't exist yet. */
  readonly from: readonly (TrainingStatus | '')[];
  readonly to: TrainingStatus;
  /** Whether the event's attempt must be the present one, or begins the next. */
  readonly attempt?: 'equals' | 'next';
  readonly cancel?: 'absent';
}

const ANY_OPEN = ['queued', 'running', 'paused', 'failing'] as const;

/** The same for a trial and for the final model. */
export const trainingTransitions: Readonly<Record<TrainingEvent['type'], TrainingTransition>> = {
  TrainingQueued: { from: [''], to: 'queued', cancel: 'absent' },
  // From running as well: the trainer that ran it is lost, and another has taken the queue task.
  TrainingStarted: { from: ['queued', 'running'], to: 'running', attempt: 'next', cancel: 'absent' },
  EpochEnded: { from: ['running'], to: 'running', attempt: 'equals' },
  TrainingPaused: { from: ['running'], to: 'paused', attempt: 'equals' },
  TrainingPromoted: { from: ['paused'], to: 'queued', cancel: 'absent' },
  TrainingReleased: { from: ['running'], to: 'queued', attempt: 'equals' },
  TrainingInterrupted: { from: ['running'], to: 'queued', attempt: 'equals' },
  TrainingAttemptFailed: { from: ['queued', 'running'], to: 'failing', attempt: 'equals' },
  TrainingRequeued: { from: ['queued', 'running', 'failing'], to: 'queued', cancel: 'absent' },
  TrainingPruned: { from: ['queued', 'running', 'paused'], to: 'pruned' },
  TrainingCompleted: { from: ['running'], to: 'completed', attempt: 'equals' },
  TrainingFailed: { from: ANY_OPEN, to: 'failed' },
  TrainingCancelled: { from: ANY_OPEN, to: 'cancelled' },
};

interface PlotsTransition {
  readonly from: readonly (PlotsState['status'] | '')[];
  readonly to: PlotsState['status'];
}

export const plotsTransitions: Readonly<Record<PlotsEvent['type'], PlotsTransition>> = {
  PlotsQueued: { from: ['', 'queued', 'ready', 'failed'], to: 'queued' },
  PlotsProgressed: { from: ['queued'], to: 'queued' },
  PlotsReady: { from: ['queued'], to: 'ready' },
  PlotsFailed: { from: ['queued'], to: 'failed' },
};

export const isTrainingEvent = <Event extends NewStudyEvent>(
  event: Event,
): event is Extract<Event, TrainingEvent> => Object.hasOwn(trainingTransitions, event.type);

export const isPlotsEvent = <Event extends NewStudyEvent>(
  event: Event,
): event is Extract<Event, PlotsEvent> => Object.hasOwn(plotsTransitions, event.type);

export const isJobEvent = <Event extends NewStudyEvent>(event: Event): event is Extract<Event, JobEvent> =>
  Object.hasOwn(jobTransitions, event.type);

export function transitionOf(event: NewStudyEvent): Transition {
  if (isTrainingEvent(event)) return trainingTransition(event);
  return isPlotsEvent(event) ? plotsTransition(event) : jobTransitions[event.type];
}

function trainingTransition(event: TrainingEvent): Transition {
  const { from, to, attempt, cancel } = trainingTransitions[event.type];
  const { target } = event;
  return {
    job: [target === 'final' ? 'finalizing' : 'running'],
    ...(cancel && { cancel }),
    subject: {
      name: subjectOf(target),
      from,
      to,
      ...(attempt && 'attempt' in event && { counter: { rule: attempt, value: event.attempt } }),
      ...(event.type === 'EpochEnded' && { epoch: { rule: 'next', value: event.summary.epoch } }),
    },
    ...(event.type === 'TrainingQueued' && target !== 'final' && { nextTrial: target }),
  };
}

function plotsTransition(event: PlotsEvent): Transition {
  const isNew = event.type === 'PlotsQueued';
  return {
    job: ['running', 'finalizing'],
    ...(isNew && { cancel: 'absent' }),
    subject: {
      name: `plots:${event.target}`,
      ...plotsTransitions[event.type],
      counter: { rule: isNew ? 'next' : 'equals', value: event.run },
      // The number of charts done stands in the epoch's place; a chart reported twice is refused.
      ...(event.type === 'PlotsProgressed' && { epoch: { rule: 'above', value: event.done } }),
    },
  };
}

/** Name of a training's record beside the log. */
export const subjectOf = (target: TrainingEvent['target']): string =>
  target === 'final' ? 'final' : `trial:${target}`;

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
  | 'trial-number'
  /** A service that runs is too old to read it. */
  | 'fleet-version';

/** Events that tell how work goes on, and leave nothing to decide. */
const INFORMATIVE: ReadonlySet<NewStudyEvent['type']> = new Set([
  'TrainingStarted',
  'PlotsProgressed',
  'Warning',
]);

/** Whether an event can change what the orchestrator does next. Epochs count only where someone prunes by them. */
export const changesDecision = (event: NewStudyEvent, pruning: boolean): boolean =>
  event.type === 'EpochEnded' ? pruning && event.target !== 'final' : !INFORMATIVE.has(event.type);
