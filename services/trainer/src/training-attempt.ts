/**
 * One attempt at one training, from the start in the log to its outcome in the log. What another has decided in the
 * meantime (a cancel, another trainer's later attempt) shows as a refused append and ends the attempt quietly.
 */
import type { ArtifactStore } from '@onegin/artifacts';
import {
  OneginError,
  trainingEvents,
  trainingKey,
  type ArtifactRef,
  type EpochSummary,
  type Failure,
  type NewStudyEvent,
  type TrainingEvents,
  type TrialJob,
} from '@onegin/contracts';
import type { PreparedStore } from '@onegin/datasets';
import type { Logger } from '@onegin/service-kit';
import type { BatchProgress, JobFile, StopSignal, TrainJobOutcome } from '@onegin/training';
import { Checkpoints } from './checkpoints.ts';
import type { TrainingChild } from './training-child.ts';

/** How an attempt ended, for the trainer's own book-keeping. */
export type AttemptEnd = 'completed' | 'paused' | 'failed' | 'handed-back' | 'overtaken';

export interface AttemptTools {
  /** Appends and wakes the orchestrator where it matters; answers whether it was accepted. */
  append: (event: NewStudyEvent) => Promise<boolean>;
  store: ArtifactStore;
  datasets: PreparedStore;
  logger: Logger;
  onProgress: (progress: BatchProgress) => void;
  onEpoch: (summary: EpochSummary) => void;
}

export class TrainingAttempt {
  readonly #job: TrialJob;
  readonly #attempt: number;
  /** Epochs that the log already has; they are not told again when a lost checkpoint makes them necessary anew. */
  readonly #epochsLogged: number;
  readonly #tools: AttemptTools;
  readonly #events: TrainingEvents;
  readonly #checkpoints: Checkpoints;
  readonly #trainer: string;
  #child: TrainingChild | null = null;
  #stop: StopSignal | null = null;
  #overtaken = false;
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
    this.#events = trainingEvents(job.target);
    this.#checkpoints = new Checkpoints(tools.store, { ...job, attempt });
  }

  /** Ends the training at its next batch. */
  stop(signal: StopSignal): void {
    this.#stop ??= signal;
    this.#child?.stop(signal);
  }

  /** @param engine said in the log beside the start */
  async run(child: TrainingChild, checkpoint: Uint8Array | undefined): Promise<AttemptEnd> {
    const { name, device } = child.engine!;
    const started = this.#events.started({
      trainer: this.#trainer,
      attempt: this.#attempt,
      engine: name,
      device,
    });
    if (!(await this.#tools.append(started))) return 'overtaken';
    this.#child = child;
    if (this.#stop) child.stop(this.#stop);
    const outcome = await child.train(
      this.#job,
      checkpoint,
      {
        onEpoch: (summary, after) => this.#epochEnded(summary, after),
        onProgress: this.#tools.onProgress,
        datasets: this.#tools.datasets,
      },
      this.#job,
    );
    return this.#end(outcome);
  }

  async #epochEnded(summary: EpochSummary, checkpoint: Uint8Array): Promise<'continue' | 'stop'> {
    this.#tools.onEpoch(summary);
    if (summary.epoch <= this.#epochsLogged) return 'continue';
    try {
      const ref = await this.#checkpoints.put(summary.epoch, checkpoint);
      const accepted = await this.#tools.append(
        this.#events.epoch({ attempt: this.#attempt, summary, checkpoint: ref }),
      );
      this.#epoch = summary.epoch;
      this.#overtaken = !accepted;
      return accepted ? 'continue' : 'stop';
    } catch (error) {
      // A checkpoint that cannot be stored ends the attempt: the trial could not be resumed from here.
      this.#failure = failureOf(error);
      return 'stop';
    }
  }

  async #end(outcome: TrainJobOutcome): Promise<AttemptEnd> {
    if (this.#overtaken) return 'overtaken';
    if (this.#failure) return this.#failed(this.#failure);
    switch (outcome.status) {
      case 'completed':
        return this.#completed(outcome);
      case 'failed':
        return this.#failed(outcome);
      case 'paused':
        return this.#paused();
      case 'stopped':
        return this.#stop === 'hand-back' ? this.#handedBack(outcome.checkpoint) : 'overtaken';
    }
  }

  async #completed({
    result,
    files,
  }: Extract<TrainJobOutcome, { status: 'completed' }>): Promise<AttemptEnd> {
    let artifacts: ArtifactRef[];
    try {
      artifacts = await Promise.all(files.map((file) => this.#store(file)));
    } catch (error) {
      return this.#failed(failureOf(error));
    }
    const accepted = await this.#tools.append(
      this.#events.completed({ attempt: this.#attempt, result, artifacts }),
    );
    await this.#tidy();
    return accepted ? 'completed' : 'overtaken';
  }

  #store({ name, bytes, kind, contentType }: JobFile): Promise<ArtifactRef> {
    const { runName, target } = this.#job;
    return this.#tools.store.put(trainingKey(runName, target, this.#attempt, name), bytes, {
      kind,
      contentType,
    });
  }

  async #failed({ code, message }: Failure): Promise<AttemptEnd> {
    this.#tools.logger.warn({ code, attempt: this.#attempt }, message);
    const event = this.#events.attemptFailed({
      attempt: this.#attempt,
      trainer: this.#trainer,
      code,
      message,
    });
    return (await this.#tools.append(event)) ? 'failed' : 'overtaken';
  }

  async #paused(): Promise<AttemptEnd> {
    const { target } = this.#job;
    if (target === 'final') return 'overtaken';
    const accepted = await this.#tools.append({
      type: 'TrialPaused',
      number: target,
      attempt: this.#attempt,
    });
    return accepted ? 'paused' : 'overtaken';
  }

  async #handedBack(checkpoint: Uint8Array): Promise<AttemptEnd> {
    const stored = await this.#checkpoints
      .put(this.#epoch + 1, checkpoint, 'within')
      .catch((error: unknown) => {
        this.#tools.logger.warn(
          { err: error },
          'the checkpoint could not be stored; the present epoch is repeated',
        );
        return undefined;
      });
    const accepted = await this.#tools.append(
      this.#events.handedBack({ attempt: this.#attempt, ...(stored && { checkpoint: stored }) }),
    );
    return accepted ? 'handed-back' : 'overtaken';
  }

  /** Checkpoints that stay behind cost space, nothing else. */
  async #tidy(): Promise<void> {
    await this.#checkpoints
      .clear()
      .catch((error: unknown) =>
        this.#tools.logger.warn({ err: error }, 'old checkpoints could not be removed'),
      );
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof OneginError) return { code: error.code, message: error.message };
  return { code: 'training-failed', message: error instanceof Error ? error.message : String(error) };
}
