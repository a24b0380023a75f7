/** Hears in Redis that logs have grown and what trainings are at, so that nobody has to ask. */
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
  private readonly redis: Redis;
  private readonly listeners = new Map<string, JobListener>();
  private readonly overviewListeners = new Set<(jobId: string) => void>();
  private readonly gapListeners = new Set<() => void>();
  private connectedBefore: boolean;

  /** @param redis a connection of its own: one that subscribes can do nothing else. */
  constructor(redis: Redis) {
    this.redis = redis;
    this.connectedBefore = redis.status === 'ready';
    redis.on('message', (channel: string, message: string) => this.heard(channel, message));
    redis.on('pmessage', (_pattern: string, channel: string) => this.heardOfAny(channel));
    redis.on('ready', () => {
      if (this.connectedBefore) this.resume().catch(() => undefined);
      this.connectedBefore = true;
    });
  }

  /** One listener per job. Resolves once it will hear of everything; the answer ends it. */
  async listen(jobId: string, listener: JobListener): Promise<() => void> {
    this.listeners.set(jobId, listener);
    const channels = [redisChannels.changed(jobId), redisChannels.progress(jobId)];
    await this.redis.subscribe(...channels);
    return () => {
      if (this.listeners.get(jobId) !== listener) return;
      this.listeners.delete(jobId);
      // Away or closing, it has nothing to unsubscribe from.
      this.redis.unsubscribe(...channels).catch(() => undefined);
    };
  }

  /** Hears of every job that changes. */
  async listenToAll(changed: (jobId: string) => void): Promise<() => void> {
    this.overviewListeners.add(changed);
    await this.redis.psubscribe(ALL_CHANGED);
    return () => {
      this.overviewListeners.delete(changed);
      if (this.overviewListeners.size === 0) this.redis.punsubscribe(ALL_CHANGED).catch(() => undefined);
    };
  }

  /** Called after a lost connection is back and subscribed again: what was said meanwhile was not heard. */
  onGap(missed: () => void): void {
    this.gapListeners.add(missed);
  }

  private async resume(): Promise<void> {
    // ioredis subscribes again by itself; asking once more, and waiting, tells when that is done.
    const channels = [...this.listeners.keys()].flatMap((id) => [
      redisChannels.changed(id),
      redisChannels.progress(id),
    ]);
    if (channels.length > 0) await this.redis.subscribe(...channels);
    if (this.overviewListeners.size > 0) await this.redis.psubscribe(ALL_CHANGED);
    for (const missed of this.gapListeners) missed();
  }

  private heard(channel: string, message: string): void {
    const jobId = JOB_OF_CHANNEL.exec(channel)?.[1] ?? '';
    const listener = this.listeners.get(jobId);
    if (!listener) return;
    if (channel === redisChannels.changed(jobId)) listener.changed();
    else {
      const progress = parseProgress(message);
      if (progress) listener.progress(progress);
    }
  }

  private heardOfAny(channel: string): void {
    const jobId = JOB_OF_CHANNEL.exec(channel)?.[1];
    if (jobId === undefined) return;
    for (const listener of this.overviewListeners) listener(jobId);
  }
}

/** Progress may be lost; what cannot be read is. */
function parseProgress(message: string): BatchProgress | null {
  try {
    return batchProgressSchema.parse(JSON.parse(message));
  } catch {
    return null;
  }
}
