/** The trainers' heartbeats; a trainer that stops sending them is forgotten after LIVE_MS. */
import { stampVersion, trainerHeartbeatSchema, type TrainerHeartbeat } from '@onegin/contracts';
import type { Redis } from 'ioredis';
import { listLive, removeLive, writeLive } from './live-entries.ts';
import { redisKeys } from './redis-keys.ts';

const KEYS = { ids: redisKeys.trainers, entry: redisKeys.trainer };

export const writeHeartbeat = (redis: Redis, heartbeat: TrainerHeartbeat): Promise<void> =>
  writeLive(redis, KEYS, {
    id: heartbeat.id,
    at: heartbeat.at,
    text: JSON.stringify(stampVersion(trainerHeartbeatSchema.parse(heartbeat))),
  });

export const removeHeartbeat = (redis: Redis, id: string): Promise<void> => removeLive(redis, KEYS, id);

/** The live trainers, by id. One that this version cannot read is left out. */
export const listHeartbeats = async (redis: Redis): Promise<TrainerHeartbeat[]> =>
  (await listLive(redis, KEYS))
    .flatMap((text) => trainerHeartbeatSchema.safeParse(JSON.parse(text)).data ?? [])
    .sort((a, b) => (a.id < b.id ? -1 : 1));
