/** What the API says of a job: derived from the study's state, nothing of it is stored. */
import { healthScore } from '../health.ts';
import type { Failure } from '../error-codes.ts';
import type { EpochSummary, TrainingResult } from '../log/study-event.ts';
import {
  jobEnded,
  outcomes,
  type JobStatus,
  type StudyState,
  type TrainingStatus,
  type TrialState,
} from '../log/study-state.ts';
import type { Params } from '../request/search-space.ts';

export interface JobProgress {
  /** Number of the newest trial that started, counted from 1; 0 before the first. */
  currentTrial: number;
  totalTrials: number;
  completedTrials: number;
  runningTrials: number;
  failedTrials: number;
  prunedTrials: number;
  /** Of the current trial, or of the final model while that trains. */
  currentEpoch: number;
  totalEpochs: number;
  /** currentEpoch / totalEpochs, in [0, 1]. */
  epochProgress: number;
  statusMessage: string;
  isGpuMode: boolean;
}

export interface JobSummary {
  jobId: string;
  runName: string;
  name: string | null;
  dataset: string;
  mode: string;
  status: JobStatus;
  createdAt: number;
  startedAt: number | null;
  endedAt: number | null;
  progress: JobProgress;
  bestTrial: TrialView | null;
  modelReady: boolean;
  failure: Failure | null;
}

export interface TrialView {
  number: number;
  status: TrainingStatus;
  params: Params;
  source: string;
  values: number[] | null;
  accuracy: number | null;
  healthScore: number | null;
  parameterCount: number | null;
  epochsDone: number;
  lastEpoch: EpochSummary | null;
  trainer: string | null;
  attempt: number;
  /** How often its trainer was lost; `reason` says the last time. */
  lost: number;
  queuedAt: number;
  startedAt: number | null;
  endedAt: number | null;
  reason: string | null;
  failure: Failure | null;
}

export interface TrialDetail extends TrialView {
  epochs: EpochSummary[];
  result: TrainingResult | null;
  plots: string[];
}

export function jobProgress(state: StudyState): JobProgress {
  const { request } = state.config;
  const current = currentTraining(state);
  const currentEpoch = current?.epochs.length ?? 0;
  return {
    currentTrial: newestStarted(state) + 1,
    totalTrials: request.trials,
    completedTrials: state.counts.completed,
    runningTrials: state.counts.running,
    failedTrials: state.counts.failed,
    prunedTrials: state.counts.pruned,
    currentEpoch,
    totalEpochs: request.epochs,
    epochProgress: currentEpoch / request.epochs,
    statusMessage: statusMessage(state),
    isGpuMode: request.useGpu,
  };
}

function newestStarted({ trials }: StudyState): number {
  for (let n = trials.length - 1; n >= 0; n--) if (trials[n]!.startedAt !== null) return n;
  return -1;
}

const currentTraining = (state: StudyState) => state.finalModel ?? state.trials[newestStarted(state)];

/** One line for people: what the job does now. */
export function statusMessage(state: StudyState): string {
  const { request } = state.config;
  switch (state.status) {
    case 'queued':
      return state.cancelRequested ? 'Cancelling' : 'Waiting for the orchestrator';
    case 'running': {
      if (state.cancelRequested) return 'Cancelling';
      const done = outcomes(state);
      const { running, queued } = state.counts;
      if (running === 0 && queued > 0)
        return `Waiting for a trainer, ${done} of ${request.trials} trials done`;
      return `${done} of ${request.trials} trials done, ${running} running`;
    }
    case 'finalizing':
      return finalizingMessage(state);
    case 'completed':
      return state.best === null ? 'Completed' : `Completed, trial ${state.best} is the best`;
    case 'failed':
      return state.failure?.message ?? 'Failed';
    case 'cancelled':
      return 'Job cancelled';
  }
}

function finalizingMessage({ config, finalModel, plots }: StudyState): string {
  if (!finalModel) return 'Choosing the best parameters';
  if (finalModel.status === 'queued') return 'The final model waits for a trainer';
  if (finalModel.status === 'running')
    return `Training the final model, epoch ${Math.min(finalModel.epochs.length + 1, config.request.epochs)} of ${config.request.epochs}`;
  const open = Object.values(plots).filter(({ status }) => status === 'queued').length;
  return open > 0 ? `Rendering charts, ${open} to go` : 'Finishing';
}

export function trialView(state: StudyState, trial: TrialState): TrialView {
  const { result } = trial;
  return {
    number: trial.number,
    status: trial.status,
    params: trial.params,
    source: trial.source,
    values: trial.values,
    accuracy: result?.accuracy ?? null,
    healthScore: result ? healthScore(result.health, state.config.objective.weights) : null,
    parameterCount: result?.parameterCount ?? null,
    epochsDone: trial.epochs.length,
    lastEpoch: trial.epochs.at(-1) ?? null,
    trainer: trial.trainer,
    attempt: trial.attempt,
    lost: trial.lost,
    queuedAt: trial.queuedAt,
    startedAt: trial.startedAt,
    endedAt: trial.endedAt,
    reason: trial.reason,
    failure: trial.failure && { code: trial.failure.code, message: trial.failure.message },
  };
}

export function trialDetail(state: StudyState, trial: TrialState): TrialDetail {
  const plots = state.plots[String(trial.number)]?.artifacts ?? [];
  return {
    ...trialView(state, trial),
    epochs: trial.epochs,
    result: trial.result,
    plots: plots.map(({ kind }) => kind),
  };
}

export function jobSummary(state: StudyState): JobSummary {
  const { config } = state;
  return {
    jobId: state.jobId,
    runName: config.runName,
    name: config.request.name ?? null,
    dataset: config.request.dataset,
    mode: config.request.mode,
    status: state.status,
    createdAt: state.createdAt,
    startedAt: state.startedAt,
    endedAt: state.endedAt,
    progress: jobProgress(state),
    bestTrial: state.best === null ? null : trialView(state, state.trials[state.best]!),
    modelReady: state.finalModel?.status === 'completed',
    failure: state.failure,
  };
}

/** Whether nothing will change any more: clients stop watching. */
export const isEnded = (state: StudyState): boolean => jobEnded(state.status);
