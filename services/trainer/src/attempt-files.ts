/**
 * What an attempt leaves in the artifact store: checkpoints on the way, files at the end. While the store is
 * unavailable the attempt waits, and says so where users look: in the study's log and the trainer's heartbeat.
 */
import type { ArtifactStore } from '@onegin/artifacts';
import { trainingKey } from '@onegin/contracts';
import type { ArtifactRef, ErrorCode, NewStudyEvent, TrialJob } from '@onegin/contracts';
import type { Logger } from '@onegin/service-kit';
import type { JobFile } from '@onegin/training';
import { Checkpoints } from './checkpoints.ts';
import { orAborted, withRetries } from './retry-policy.ts';

export interface FileTools {
  readonly store: ArtifactStore;
  readonly logger: Logger;
  readonly append: (event: NewStudyEvent) => Promise<boolean>;
  /** Called with true when the wait for the store begins, with false when it is over. */
  readonly onStoreUnavailable: (away: boolean) => void;
  readonly limits: { readonly storageRetryMs: number };
}

export class AttemptFiles {
  readonly #job: TrialJob;
  readonly #attempt: number;
  readonly #trainer: string;
  readonly #tools: FileTools;
  readonly #stopping: AbortSignal;
  readonly #checkpoints: Checkpoints;
  #warned = false;

  /** @param stopping ends the wait for the store */
  constructor(
    job: TrialJob,
    { attempt, trainer }: { attempt: number; trainer: string },
    tools: FileTools,
    stopping: AbortSignal,
  ) {
    this.#job = job;
    this.#attempt = attempt;
    this.#trainer = trainer;
    this.#tools = tools;
    this.#stopping = stopping;
    this.#checkpoints = new Checkpoints(tools.store, { ...job, attempt });
  }

  epochEnded(epoch: number, checkpoint: Uint8Array): Promise<ArtifactRef> {
    return this.#withRetries(() => this.#checkpoints.put(epoch, checkpoint));
  }

  /**
   * Of a training that was stopped inside an epoch; null when the store does not take it in time: the epoch is
   * repeated then.
   * @param by on performance.now()'s clock
   */
  async interrupted(epoch: number, checkpoint: Uint8Array, by: number): Promise<ArtifactRef | null> {
    const left = AbortSignal.timeout(Math.ceil(Math.max(0, by - performance.now())));
    try {
      return await orAborted(this.#checkpoints.put(epoch, checkpoint, 'within'), left);
    } catch (error) {
      this.#tools.logger.warn(
        { err: error },
        'the checkpoint could not be stored; the current epoch is repeated',
      );
      return null;
    }
  }

  results(files: readonly JobFile[]): Promise<ArtifactRef[]> {
    return Promise.all(files.map((file) => this.#withRetries(() => this.#store(file))));
  }

  /** Checkpoints that stay behind cost space, nothing else. */
  async tidy(): Promise<void> {
    await this.#checkpoints
      .clear()
      .catch((error: unknown) =>
        this.#tools.logger.warn({ err: error }, 'old checkpoints could not be removed'),
      );
  }

  #store({ name, bytes, kind, contentType }: JobFile): Promise<ArtifactRef> {
    const { runName, target } = this.#job;
    const key = trainingKey(runName, target, this.#attempt, name);
    return this.#tools.store.put(key, bytes, { kind, contentType });
  }

  #withRetries<T>(work: () => Promise<T>): Promise<T> {
    const { limits, logger, onStoreUnavailable } = this.#tools;
    return withRetries(work, {
      forMs: limits.storageRetryMs,
      signal: this.#stopping,
      onRecovered: () => onStoreUnavailable(false),
      onWait: ({ code, message }) => {
        onStoreUnavailable(true);
        logger.warn({ code }, `waiting for the artifact store: ${message}`);
        if (!this.#warned) void this.#warn(code, message).catch(() => undefined);
        this.#warned = true;
      },
    });
  }

  #warn(code: ErrorCode, message: string): Promise<boolean> {
    const { target } = this.#job;
    const text = `${this.#trainer} waits with its results: ${message}`;
    return this.#tools.append({
      type: 'Warning',
      code,
      message: text,
      ...(target !== 'final' && { number: target }),
    });
  }
}
