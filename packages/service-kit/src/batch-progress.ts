/** Progress inside an epoch: the latest value per training, four times a second at most; may be lost. */
import { stampVersion, type BatchProgress } from '@onegin/contracts';
import type { Redis } from 'ioredis';
import { redisChannels } from './redis-keys.ts';

export const PROGRESS_INTERVAL_MS = 250;

/** One per training. */
export class BatchProgressPublisher {
  readonly #redis: Redis;
  #sentAt = -Infinity;
  #next: BatchProgress | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Sends now, or the newest of what is given until it may send again. */
  publish(progress: BatchProgress): void {
    this.#next = progress;
    if (this.#timer) return;
    const wait = this.#sentAt + PROGRESS_INTERVAL_MS - performance.now();
    if (wait <= 0) this.#send();
    else this.#timer = setTimeout(() => this.#send(), wait);
  }

  /** Drops what waits: the epoch's event says more. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#next = null;
  }

  #send(): void {
    this.#timer = null;
    const progress = this.#next;
    this.#next = null;
    // While Redis is down, progress would pile up in the client and be stale by the time it is back.
    if (!progress || this.#redis.status !== 'ready') return;
    this.#sentAt = performance.now();
    this.#redis
      .publish(redisChannels.progress(progress.jobId), JSON.stringify(stampVersion(progress)))
      .catch(() => undefined);
  }
}
