/** Redis channels with one connection for all listeners of a process. Messages sent while it was cut are lost. */
import type { Redis } from 'ioredis';

type Listener = (message: string, channel: string) => void;

export class Subscriptions {
  readonly #redis: Redis;
  readonly #listeners = new Map<string, Set<Listener>>();

  /** @param redis a connection for this alone; ioredis subscribes again after an outage */
  constructor(redis: Redis) {
    this.#redis = redis;
    redis.on('message', (channel: string, message: string) => {
      for (const listener of this.#listeners.get(channel) ?? []) listener(message, channel);
    });
  }

  /** Resolves when messages arrive; the answer ends it. */
  async listen(channel: string, listener: Listener): Promise<() => void> {
    const listeners = this.#listeners.get(channel) ?? new Set<Listener>();
    this.#listeners.set(channel, listeners);
    listeners.add(listener);
    // Even where others listen already: their subscription may still be in progress.
    await this.#redis.subscribe(channel);
    return () => this.#forget(channel, listener);
  }

  /** Called when the connection is back: messages sent in between were missed. */
  onReconnect(listener: () => void): void {
    let first = this.#redis.status !== 'ready';
    this.#redis.on('ready', () => {
      if (!first) listener();
      first = false;
    });
  }

  #forget(channel: string, listener: Listener): void {
    const listeners = this.#listeners.get(channel);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.#listeners.delete(channel);
    this.#redis.unsubscribe(channel).catch(() => undefined);
  }
}
