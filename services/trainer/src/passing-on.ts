/** Why a trainer leaves an entry that it could take to another. */
import type { TrialJob } from '@onegin/contracts';
import { listHeartbeats, type ServiceKit, type TypedQueue } from '@onegin/service-kit';
import { fasterIsIdle, type PassedOn } from './faster-first.ts';
import type { Vitals } from './vitals.ts';

export interface ReasonToPassOn {
  /** For the log. */
  readonly words: string;
  /** So long the entry is out of everybody's sight. */
  readonly forMs: number;
  /** So long this trainer takes nothing: who is idle takes the entry meanwhile. */
  readonly awayMs: number;
}

interface Parts {
  readonly kit: Pick<ServiceKit, 'redis'>;
  readonly trainerId: string;
  /** Its own: of its resource. */
  readonly queue: Pick<TypedQueue<'trials-cpu' | 'trials-gpu'>, 'depth'>;
  readonly passedOn: PassedOn;
  readonly vitals: Pick<Vitals, 'speed'>;
}

const FAILED_HERE: ReasonToPassOn = {
  words: 'it failed here; it is left to another trainer',
  forMs: 1000,
  awayMs: 0,
};
const FASTER_IDLE: ReasonToPassOn = {
  words: 'it is left to a faster trainer that is idle',
  forMs: 50,
  awayMs: 500,
};

/** @returns null: it is trained here */
export async function reasonToPassOn(
  job: TrialJob,
  entryId: string,
  parts: Parts,
): Promise<ReasonToPassOn | null> {
  if (await failedHere(job, parts)) return FAILED_HERE;
  return (await fasterWaits(job, entryId, parts)) ? FASTER_IDLE : null;
}

/** Whether this trainer failed at it a short while ago and another is there that may do better. */
async function failedHere({ avoid, resource }: TrialJob, { kit, trainerId }: Parts): Promise<boolean> {
  if (avoid?.trainer !== trainerId || Date.now() >= avoid.until) return false;
  const trainers = await listHeartbeats(kit.redis.failFast).catch(() => []);
  return trainers.some(
    (other) => other.id !== trainerId && other.resource === resource && other.status === 'ready',
  );
}

/** Whether a faster one stands idle. What cannot be found out is no reason to wait. */
async function fasterWaits(
  { resource }: TrialJob,
  entryId: string,
  { kit, queue, passedOn, trainerId, vitals }: Parts,
): Promise<boolean> {
  const { speed } = vitals;
  if (speed === null || passedOn.has(entryId)) return false;
  try {
    const [trainers, { waiting }] = await Promise.all([listHeartbeats(kit.redis.failFast), queue.depth()]);
    if (!fasterIsIdle({ id: trainerId, resource, speed }, trainers, waiting)) return false;
  } catch {
    return false;
  }
  passedOn.add(entryId);
  return true;
}
