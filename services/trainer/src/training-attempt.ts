/**
 * One attempt at one training, from the start in the log to its outcome in the log. What was decided
 * elsewhere in the meantime (a cancel, another trainer's later attempt) shows as a refused append and ends it quietly.
 */
import type { ArtifactStore } from '@onegin/artifacts';
import {
  failureOf,
  OneginError,
  type ArtifactRef,
  type EpochSummary,
  type ErrorCode,
  type Failure,
  type NewStudyEvent,
  type TrainingResult,
  type TrainingTarget,
  type TrialJob,
} from '@onegin/contracts';
import type { PreparedStore } from '@onegin/datasets';
import type { Logger } from '@onegin/service-kit';
import type { BatchProgress, StopSignal, TrainJobOutcome } from '@onegin/training';
import { AttemptFiles } from './attempt-files.ts';
import type { TrainingChild } from './training-child.ts';

/** How an attempt ended: `released` to another trainer, `superseded` by a decision made elsewhere. */
export type AttemptEnd = 'completed' | 'paused' | 'failed' | 'released' | 'superseded';

export interface AttemptTools {
  /** Appends and wakes the orchestrator where it matters; answers whether it was accepted. */
  append: (event: NewStudyEvent) => Promise<boolean>;
  store: ArtifactStore;
  datasets: PreparedStore;
  logger: Logger;
  onProgress: (progress: BatchProgress) => void;
  onEpoch: (summary: EpochSummary) => void;
  /** What the log accepted as the training's end. */
  onCompleted: (result: TrainingResult) => void;
  /** Called when the attempt fails, before its event is appended. */
  onFailure: (code: ErrorCode) => void;
  /** Called with true when the wait for the store begins, with false when it is over. */
  onStoreUnavailable: (away: boolean) => void;
  limits: AttemptLimits;
}

export interface AttemptLimits {
  /** How long an attempt waits for a store that is unavailable. */
  storageRetryMs: number;
  /** A released training is in the log within this time. */
  releaseMs: number;
}

/** A stopped training ends at its next batch; if none comes within this time, its process is killed. */
const STOP_MS = 1000;
/** Part of the time for a release that the training may take to reach its next batch. */
const STOP_SHARE = 0.5;

export class TrainingAttempt {
  readonly #job: TrialJob;
  readonly #attempt: number;
  /** Epochs that the log already has; repeated after a lost checkpoint, they are not reported again. */
  readonly #epochsLogged: number;
  readonly #tools: AttemptTools;
  readonly #files: AttemptFiles;
  readonly #trainer: string;
  #child: TrainingChild | null = null;
  #deadline: NodeJS.Timeout | undefined;
  #stop: StopSignal | null = null;
  #superseded = false;
  /** The log lacks the epoch that the training has just ended: its state is ahead of the log. */
  #ahead = false;
  readonly #stopping = new AbortController();
  #releaseBy = Infinity;
  #epoch: number;
  #failure: Failure | null = null;

  constructor(
    job: TrialJob,
    { attempt, epochsLogged, trainer }: { attempt: number; epochsLogged: number; trainer: string },
    tools: AttemptTools,
  ) {
    this.#job = job;
    this.#attempt = attempt;
    this.#epochsLogged = epochsLogged;
    this.#epoch = epochsLogged;
    this.#trainer = trainer;
    this.#tools = tools;
    this.#files = new AttemptFiles(job, { attempt, trainer }, tools, this.#stopping.signal);
  }

  /** What its events are about. */
  get #subject(): { target: TrainingTarget; attempt: number } {
    return { target: this.#job.target, attempt: this.#attempt };
  }

  /** Aborted when the attempt is to end; the reason is an OneginError `shutting-down`. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  /** How an attempt ends that was stopped before it was in the log. */
  get endBeforeStart(): AttemptEnd {
    return this.#stop === 'release' ? 'released' : 'superseded';
  }

  /** Ends the training at its next batch, and any wait for the store at once. */
  stop(signal: StopSignal): void {
    if (this.#stop) return;
    this.#stop = signal;
    const { releaseMs } = this.#tools.limits;
    if (signal === 'release') this.#releaseBy = performance.now() + releaseMs;
    const because = { code: 'shutting-down', message: `the attempt was told to end (${signal})` } as const;
    this.#stopping.abort(new OneginError(because.code, because.message));
    this.#child?.stop(signal);
    const within = signal === 'release' ? releaseMs * STOP_SHARE : STOP_MS;
    this.#deadline = setTimeout(() => this.#child?.kill(because), within);
  }

  async run(child: TrainingChild, checkpoint: Uint8Array | undefined): Promise<AttemptEnd> {
    const { name, device } = child.engine!;
    const where = { trainer: this.#trainer, engine: name, device };
    if (!(await this.#tools.append({ type: 'TrainingStarted', ...this.#subject, ...where })))
      return 'superseded';
    if (this.#stop) return this.#stopped(null);
    this.#child = child;
    const hooks = {
      onEpoch: (summary: EpochSummary, after: Uint8Array) => this.#epochEnded(summary, after),
      onProgress: this.#tools.onProgress,
      datasets: this.#tools.datasets,
    };
    const outcome = await child.train(this.#job, checkpoint, hooks, this.#job);
    this.#child = null;
    clearTimeout(this.#deadline);
    return this.#end(outcome);
  }

  async #epochEnded(summary: EpochSummary, checkpoint: Uint8Array): Promise<'continue' | 'stop'> {
    this.#tools.onEpoch(summary);
    if (summary.epoch <= this.#epochsLogged) return this.#stop ? 'stop' : 'continue';
    this.#ahead = true;
    try {
      const ref = await this.#files.epochEnded(summary.epoch, checkpoint);
      const accepted = await this.#tools.append({
        type: 'EpochEnded',
        ...this.#subject,
        summary,
        checkpoint: ref,
      });
      this.#ahead = false;
      this.#epoch = summary.epoch;
      this.#superseded = !accepted;
      return accepted ? 'continue' : 'stop';
    } catch (error) {
      // A checkpoint that cannot be stored ends the attempt: the trial could not be resumed from here.
      if (!this.#stop) this.#failure = failureOf(error, 'training-failed');
      return 'stop';
    }
  }

  async #end(outcome: TrainJobOutcome): Promise<AttemptEnd> {
    if (this.#superseded) return 'superseded';
    if (this.#failure) return this.#failed(this.#failure);
    switch (outcome.status) {
      case 'completed':
        return this.#completed(outcome);
      case 'failed':
        return outcome.code === 'shutting-down' ? this.#stopped(null) : this.#failed(outcome);
      case 'paused':
        return this.#paused();
      case 'stopped':
        // A checkpoint that is ahead of the log would lose an epoch; the one before repeats it.
        return this.#stopped(this.#ahead ? null : outcome.checkpoint);
    }
  }

  /** @param checkpoint null: the log has the last one that counts */
  #stopped(checkpoint: Uint8Array | null): Promise<AttemptEnd> | AttemptEnd {
    return this.#stop === 'release' ? this.#release(checkpoint) : 'superseded';
  }

  async #completed({
    result,
    files,
  }: Extract<TrainJobOutcome, { status: 'completed' }>): Promise<AttemptEnd> {
    let artifacts: ArtifactRef[];
    try {
      artifacts = await this.#files.results(files);
    } catch (error) {
      return this.#stop ? this.#stopped(null) : this.#failed(failureOf(error, 'training-failed'));
    }
    const accepted = await this.#tools.append({
      type: 'TrainingCompleted',
      ...this.#subject,
      result,
      artifacts,
    });
    if (accepted) this.#tools.onCompleted(result);
    await this.#files.tidy();
    return accepted ? 'completed' : 'superseded';
  }

  async #failed({ code, message }: Failure): Promise<AttemptEnd> {
    this.#tools.logger.warn({ code, attempt: this.#attempt }, message);
    this.#tools.onFailure(code);
    const failed = { trainer: this.#trainer, code, message };
    const accepted = await this.#tools.append({ type: 'TrainingAttemptFailed', ...this.#subject, ...failed });
    return accepted ? 'failed' : 'superseded';
  }

  async #paused(): Promise<AttemptEnd> {
    const { target } = this.#job;
    if (target === 'final') return 'superseded';
    const accepted = await this.#tools.append({
      type: 'TrainingPaused',
      target,
      attempt: this.#attempt,
    });
    return accepted ? 'paused' : 'superseded';
  }

  async #release(checkpoint: Uint8Array | null): Promise<AttemptEnd> {
    const stored =
      checkpoint && (await this.#files.interrupted(this.#epoch + 1, checkpoint, this.#releaseBy));
    const accepted = await this.#tools.append({
      type: 'TrainingReleased',
      ...this.#subject,
      ...(stored && { checkpoint: stored }),
    });
    return accepted ? 'released' : 'superseded';
  }
}
