/**
 * When a trainer leaves a task that it could take to another one: where the trial failed here before, or where a
 * clearly faster trainer is idle. The latter happens once per task, so where there is enough work for all, every task
 * is trained where it was taken first.
 */
import type { TrainerHeartbeat, TrialJob } from '@onegin/contracts';
import { listHeartbeats, type ServiceKit, type TypedQueue } from '@onegin/service-kit';
import type { TrainerStatus } from './trainer-status.ts';

export interface Deferral {
  /** For the log. */
  readonly reason: string;
  /** How long no trainer sees the task. */
  readonly forMs: number;
  /** How long this trainer takes nothing, so that an idle one gets the task. */
  readonly awayMs: number;
}

interface Parts {
  readonly kit: Pick<ServiceKit, 'redis'>;
  readonly trainerId: string;
  /** The queue of the trainer's own resource. */
  readonly queue: Pick<TypedQueue<'trials-cpu' | 'trials-gpu'>, 'depth'>;
  readonly deferred: DeferredTasks;
  readonly status: Pick<TrainerStatus, 'speed'>;
}

export type TrainerSpeed = Pick<
  TrainerHeartbeat,
  'id' | 'resource' | 'status' | 'slots' | 'current' | 'waitingFor' | 'speed'
>;

const FAILED_HERE: Deferral = {
  reason: 'it failed here; it is left to another trainer',
  forMs: 1000,
  awayMs: 0,
};
const FASTER_IDLE: Deferral = {
  reason: 'it is left to a faster trainer that is idle',
  forMs: 50,
  awayMs: 500,
};
/** Networks differ in size, and so do the speeds that are compared. */
const CLEARLY_FASTER = 1.5;
const REMEMBERED = 100;

/** @returns null: it is trained here */
export async function deferralOf(job: TrialJob, taskId: string, parts: Parts): Promise<Deferral | null> {
  if (await failedHere(job, parts)) return FAILED_HERE;
  return (await leaveToFaster(job, taskId, parts)) ? FASTER_IDLE : null;
}

/** Whether this trainer failed at it a short while ago and another one is there that may do better. */
async function failedHere({ avoid, resource }: TrialJob, { kit, trainerId }: Parts): Promise<boolean> {
  if (avoid?.trainer !== trainerId || Date.now() >= avoid.until) return false;
  const trainers = await listHeartbeats(kit.redis.failFast).catch(() => []);
  return trainers.some(
    (other) => other.id !== trainerId && other.resource === resource && other.status === 'ready',
  );
}

/** Whether a faster trainer is idle. If Redis cannot say, the task is trained here. */
async function leaveToFaster(
  { resource }: TrialJob,
  taskId: string,
  { kit, queue, deferred, trainerId, status: { speed } }: Parts,
): Promise<boolean> {
  if (speed === null || deferred.has(taskId)) return false;
  try {
    const [trainers, { waiting }] = await Promise.all([listHeartbeats(kit.redis.failFast), queue.depth()]);
    if (!fasterIsIdle({ id: trainerId, resource, speed }, trainers, waiting)) return false;
  } catch {
    return false;
  }
  deferred.add(taskId);
  return true;
}

/** @param waiting trials that wait besides this one: that many idle trainers have work already */
export function fasterIsIdle(
  own: Pick<TrainerSpeed, 'id' | 'resource' | 'speed'>,
  trainers: readonly TrainerSpeed[],
  waiting: number,
): boolean {
  const { speed } = own;
  if (!speed) return false;
  const faster = trainers.filter(
    (other) =>
      other.id !== own.id &&
      other.resource === own.resource &&
      other.status === 'ready' &&
      other.waitingFor === undefined &&
      other.current.length < other.slots &&
      (other.speed ?? 0) >= CLEARLY_FASTER * speed,
  );
  return faster.length > waiting;
}

/** What this trainer has left to others once: when a task comes back, nobody else wanted it. */
export class DeferredTasks {
  readonly #ids = new Set<string>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > REMEMBERED && oldest !== undefined) this.#ids.delete(oldest);
  }
}
