/** What a study is at a point of its log: the shape that `reduceStudy` folds events into. */
import type { ArtifactRef } from '../store/artifact.ts';
import type { Failure } from '../error-codes.ts';
import type { Params } from '../request/search-space.ts';
import type { StudyConfig } from '../request/study-config.ts';
import type { EpochSummary, TrainingResult } from './study-event.ts';
import type { PlotTarget, Resource, TrainingTarget } from '../targets.ts';

export const jobStatuses = ['queued', 'running', 'finalizing', 'completed', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof jobStatuses)[number];
export const jobEnded = (status: JobStatus): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled';

/**
 * `failing`: an attempt failed and the orchestrator has not decided yet what follows.
 * The last four are outcomes: they never change.
 */
export const trainingStatuses = [
  'queued',
  'running',
  'paused',
  'failing',
  'pruned',
  'completed',
  'failed',
  'cancelled',
] as const;
export type TrainingStatus = (typeof trainingStatuses)[number];
export const hasOutcome = (status: TrainingStatus): boolean =>
  status === 'pruned' || status === 'completed' || status === 'failed' || status === 'cancelled';

/** One training: of a trial, or of the final model. */
export interface TrainingState {
  readonly params: Params;
  readonly seed: number;
  readonly resource: Resource;
  status: TrainingStatus;
  untilEpoch: number;
  /** How often it was started; the number of the current attempt. */
  attempt: number;
  /** How many attempts failed. */
  failures: number;
  /** How often its trainer was lost in the middle of it. */
  lost: number;
  /** How often it was put on a queue; names the queue entry. */
  run: number;
  /** When the task of the current run may be taken. */
  notBefore: number;
  trainer: string | null;
  engine: string | null;
  queuedAt: number;
  startedAt: number | null;
  endedAt: number | null;
  epochs: EpochSummary[];
  checkpoint: ArtifactRef | null;
  result: TrainingResult | null;
  artifacts: ArtifactRef[];
  /** The last failure, also of an attempt that was followed by another. */
  failure: (Failure & { attempt: number; trainer: string | null }) | null;
  /** Why it was pruned or queued again. */
  reason: string | null;
}

export interface TrialState extends TrainingState {
  readonly number: number;
  readonly source: string;
  /** Objective values once completed. */
  values: number[] | null;
}

export interface FinalModelState extends TrainingState {
  /** The trial whose parameters it has. */
  readonly trial: number;
}

export type Training = TrialState | FinalModelState;

export interface PlotsState {
  readonly target: PlotTarget;
  run: number;
  status: 'queued' | 'ready' | 'failed';
  done: number;
  total: number | null;
  chart: string | null;
  artifacts: ArtifactRef[];
  failure: Failure | null;
  queuedAt: number;
  /** When something was last heard of them. */
  activeAt: number;
  /** How many trials had an outcome when study charts were asked for. */
  trialsThen: number;
}

export interface StudyWarning {
  readonly at: number;
  readonly code: string;
  readonly message: string;
  readonly number?: number;
}

export interface StudyState {
  readonly jobId: string;
  /** Sequence number of the last event folded. */
  seq: number;
  config: StudyConfig;
  status: JobStatus;
  createdAt: number;
  startedAt: number | null;
  endedAt: number | null;
  cancelRequested: boolean;
  trials: TrialState[];
  /** Numbers of the trials without an outcome, so that nobody looks through ten thousand for them. */
  open: number[];
  /** Numbers of the completed trials whose charts nobody has asked for yet. */
  unplotted: number[];
  /** Trials by status, so that nobody counts ten thousand of them. */
  counts: Record<TrainingStatus, number>;
  /** Number of the best completed trial; by the first objective of the mode in pareto mode. */
  best: number | null;
  /** In pareto mode: numbers of the completed trials that none dominates. */
  front: number[];
  searchEndReason: string | null;
  finalModel: FinalModelState | null;
  plots: Record<string, PlotsState>;
  /** The newest, at most WARNINGS_KEPT. */
  warnings: StudyWarning[];
  failure: Failure | null;
}

export const WARNINGS_KEPT = 50;

/** How many trials have an outcome. */
export const outcomes = ({ counts }: StudyState): number =>
  counts.completed + counts.pruned + counts.failed + counts.cancelled;

/** Trials without an outcome. */
export const openTrials = (state: StudyState): TrialState[] =>
  state.open.map((number) => state.trials[number]!);

/** A trial's training, or the one of the final model; undefined: there is none yet. */
export const trainingOf = (state: StudyState, target: TrainingTarget): Training | undefined =>
  target === 'final' ? (state.finalModel ?? undefined) : state.trials[target];

export const isTrial = (training: Training): training is TrialState => 'number' in training;

export const targetOf = (training: Training): TrainingTarget =>
  isTrial(training) ? training.number : 'final';

/** Trainings without an outcome: of trials, and of the final model. */
export const openTrainings = (state: StudyState): Training[] =>
  state.finalModel && !hasOutcome(state.finalModel.status)
    ? [...openTrials(state), state.finalModel]
    : openTrials(state);
