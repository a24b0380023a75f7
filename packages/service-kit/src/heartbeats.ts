/** The trainers' heartbeats; a trainer that stops sending them is forgotten after LIVE_MS. */
import { trainerHeartbeatSchema, type TrainerHeartbeat } from '@onegin/contracts';
import type { Redis } from 'ioredis';
import { withServiceErrors } from './service-error.ts';
import { redisKeys } from './redis-keys.ts';

/** How often a trainer writes its heartbeat. */
export const HEARTBEAT_INTERVAL_MS = 3000;
/** How long after its last heartbeat a trainer counts as alive. */
export const LIVE_MS = 15_000;

export function writeHeartbeat(redis: Redis, heartbeat: TrainerHeartbeat): Promise<void> {
  return withServiceErrors(async () => {
    const text = JSON.stringify(trainerHeartbeatSchema.parse(heartbeat));
    await redis.set(redisKeys.trainer(heartbeat.id), text, 'PX', LIVE_MS);
    await redis.zadd(redisKeys.trainers, heartbeat.at, heartbeat.id);
  });
}

/** For a trainer that shuts down, rather than waiting for the expiry. */
export function removeHeartbeat(redis: Redis, id: string): Promise<void> {
  return withServiceErrors(async () => {
    await redis.del(redisKeys.trainer(id));
    await redis.zrem(redisKeys.trainers, id);
  });
}

/** The live trainers, by id. One in another version's form is left out. */
export function listHeartbeats(redis: Redis): Promise<TrainerHeartbeat[]> {
  return withServiceErrors(async () => {
    const ids = await redis.zrange(redisKeys.trainers, 0, '-1');
    const texts = await Promise.all(ids.map((id) => redis.get(redisKeys.trainer(id))));
    const expired = ids.filter((_, i) => texts[i] === null);
    // By the age of the score, so that a trainer that comes back just now keeps its place.
    if (expired.length > 0)
      await redis.zremrangebyscore(redisKeys.trainers, '-inf', String(Date.now() - 2 * LIVE_MS));
    return texts
      .flatMap((text) => {
        const parsed = text === null ? null : trainerHeartbeatSchema.safeParse(JSON.parse(text));
        return parsed?.success ? [parsed.data] : [];
      })
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  });
}
