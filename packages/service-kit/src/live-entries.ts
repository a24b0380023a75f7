/**
 * What processes say of themselves in Redis while they live: an entry per process, which expires when it falls silent,
 * and a list of their ids.
 */
import type { Redis } from 'ioredis';
import { withServiceErrors } from './service-error.ts';

/** How often an entry is written. */
export const HEARTBEAT_INTERVAL_MS = 3000;
/** A process counts as alive this long after it last wrote its entry. */
export const LIVE_MS = 15_000;

export interface LiveKeys {
  /** Sorted set: ids by the time when they last wrote. */
  readonly ids: string;
  /** String with expiry. */
  readonly entry: (id: string) => string;
}

/** @param at when it was said, in ms since 1970 */
export function writeLive(
  redis: Redis,
  keys: LiveKeys,
  { id, at = Date.now(), text }: { id: string; at?: number; text: string },
): Promise<void> {
  return withServiceErrors(async () => {
    await redis.set(keys.entry(id), text, 'PX', LIVE_MS);
    await redis.zadd(keys.ids, at, id);
  });
}

/** A process that ends says so, rather than to be missed. */
export function removeLive(redis: Redis, keys: LiveKeys, id: string): Promise<void> {
  return withServiceErrors(async () => {
    await redis.del(keys.entry(id));
    await redis.zrem(keys.ids, id);
  });
}

/** What those that are alive wrote last. */
export function listLive(redis: Redis, keys: LiveKeys): Promise<string[]> {
  return withServiceErrors(async () => {
    const ids = await redis.zrange(keys.ids, 0, '-1');
    const texts = await Promise.all(ids.map((id) => redis.get(keys.entry(id))));
    // By the age of the score, so that a process that comes back just now keeps its place.
    if (texts.includes(null))
      await redis.zremrangebyscore(keys.ids, '-inf', String(Date.now() - 2 * LIVE_MS));
    return texts.filter((text) => text !== null);
  });
}
