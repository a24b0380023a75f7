/**
 * Which versions the services that run are of. During a rolling upgrade old and new ones work side by side: an event
 * that the old ones don't know is not written before the last of them is gone.
 */
import { randomUUID } from 'node:crypto';
import { versionOf, WIRE_VERSION } from '@onegin/contracts';
import type { Redis } from 'ioredis';
import { HEARTBEAT_INTERVAL_MS, listLive, removeLive, writeLive } from './live-entries.ts';
import { redisKeys } from './redis-keys.ts';
import { toServiceError } from './service-error.ts';

const KEYS = { ids: redisKeys.fleet, entry: redisKeys.fleetMember };

export class Fleet {
  readonly #redis: Redis;
  readonly #id: string;
  #version = WIRE_VERSION;
  #timer: NodeJS.Timeout | null = null;

  /** @param service names it for people who look into Redis */
  constructor(redis: Redis, service: string) {
    this.#redis = redis;
    this.#id = `${service}-${randomUUID()}`;
  }

  /** The oldest version that a service of the fleet is of, as it was known a few seconds ago. */
  get version(): number {
    return this.#version;
  }

  /** Tells the others of this service, from now on; resolves when it has been tried once. */
  join(): Promise<void> {
    this.#timer = setInterval(() => void this.#beat(), HEARTBEAT_INTERVAL_MS);
    this.#timer.unref();
    return this.#beat();
  }

  async leave(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    await removeLive(this.#redis, KEYS, this.#id).catch(() => undefined);
  }

  async #beat(): Promise<void> {
    try {
      const text = JSON.stringify({ version: WIRE_VERSION });
      await writeLive(this.#redis, KEYS, { id: this.#id, text });
      const members = await listLive(this.#redis, KEYS);
      this.#version = Math.min(WIRE_VERSION, ...members.map((text) => versionOf(JSON.parse(text))));
    } catch (error) {
      // Without Redis nothing is written either; the next beat comes soon enough.
      if (toServiceError(error).code === 'internal') throw error;
    }
  }
}
