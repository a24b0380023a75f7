/** Subscribes to announcements in Redis: that logs have grown, and how far trainings are. */
import type { Redis } from 'ioredis';
import { batchProgressSchema, type BatchProgress } from '@onegin/contracts';
import { redisChannels } from '@onegin/service-kit';

export interface JobListener {
  /** The job's log has grown, or may have. */
  changed(): void;
  progress(progress: BatchProgress): void;
}

const ALL_CHANGED = redisChannels.changed('*');
const JOB_OF_CHANNEL = /\{([^}]*)\}/;

export class JobSignals {
  readonly #redis: Redis;
  readonly #listeners = new Map<string, JobListener>();
  readonly #overviewListeners = new Set<(jobId: string) => void>();
  readonly #gapListeners = new Set<() => void>();
  #connectedBefore: boolean;

  /** @param redis a connection for subscriptions, which can do nothing else */
  constructor(redis: Redis) {
    this.#redis = redis;
    this.#connectedBefore = redis.status === 'ready';
    redis.on('message', (channel: string, message: string) => this.#receive(channel, message));
    redis.on('pmessage', (_pattern: string, channel: string) => this.#receiveAny(channel));
    redis.on('ready', () => {
      if (this.#connectedBefore) this.#resume().catch(() => undefined);
      this.#connectedBefore = true;
    });
  }

  /** One listener per job. Resolves once subscribed, to what ends the subscription. */
  async listen(jobId: string, listener: JobListener): Promise<() => void> {
    this.#listeners.set(jobId, listener);
    const channels = channelsOf(jobId);
    await this.#redis.subscribe(...channels);
    return () => {
      if (this.#listeners.get(jobId) !== listener) return;
      this.#listeners.delete(jobId);
      // A connection that is down or closing has nothing to unsubscribe from.
      this.#redis.unsubscribe(...channels).catch(() => undefined);
    };
  }

  /** Listens to changes of all jobs. */
  async listenToAll(changed: (jobId: string) => void): Promise<() => void> {
    this.#overviewListeners.add(changed);
    await this.#redis.psubscribe(ALL_CHANGED);
    return () => {
      this.#overviewListeners.delete(changed);
      if (this.#overviewListeners.size === 0) this.#redis.punsubscribe(ALL_CHANGED).catch(() => undefined);
    };
  }

  /** Called once a lost connection is back and subscribed again: announcements in between were missed. */
  onGap(missed: () => void): void {
    this.#gapListeners.add(missed);
  }

  async #resume(): Promise<void> {
    // ioredis resubscribes by itself; subscribing once more tells when that is done.
    const channels = [...this.#listeners.keys()].flatMap(channelsOf);
    if (channels.length > 0) await this.#redis.subscribe(...channels);
    if (this.#overviewListeners.size > 0) await this.#redis.psubscribe(ALL_CHANGED);
    for (const missed of this.#gapListeners) missed();
  }

  #receive(channel: string, message: string): void {
    const jobId = JOB_OF_CHANNEL.exec(channel)?.[1] ?? '';
    const listener = this.#listeners.get(jobId);
    if (!listener) return;
    if (channel === redisChannels.changed(jobId)) listener.changed();
    else {
      const progress = parseProgress(message);
      if (progress) listener.progress(progress);
    }
  }

  #receiveAny(channel: string): void {
    const jobId = JOB_OF_CHANNEL.exec(channel)?.[1];
    if (jobId === undefined) return;
    for (const listener of this.#overviewListeners) listener(jobId);
  }
}

const channelsOf = (jobId: string): string[] => [redisChannels.changed(jobId), redisChannels.progress(jobId)];

/** Progress may be lost, so what cannot be parsed is dropped. */
function parseProgress(message: string): BatchProgress | null {
  try {
    return batchProgressSchema.parse(JSON.parse(message));
  } catch {
    return null;
  }
}
