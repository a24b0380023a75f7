/**
 * How many trainings can run at once: the slots of the live trainers by their heartbeats, and each job's share of
 * them. Every job's demand is in Redis, so that all replicas compute the same shares.
 */
import { jobEnded, type Resource, type StudyState, type TrainerHeartbeat } from '@onegin/contracts';
import { listHeartbeats, type Redis, redisKeys } from '@onegin/service-kit';
import { demandOf, fairShares, jobDemandSchema, type JobDemand } from './fair-shares.ts';

export type Capacity = Readonly<Record<Resource, number>>;

/** Heartbeats change every few seconds; decisions come more often. */
const FRESH_MS = 1000;

/** The most trainings at once, of all jobs together; without a number, as many as there are trainers. */
export type Limits = Readonly<Partial<Record<Resource, number | undefined>>>;

export class Demand {
  readonly #redis: Redis;
  readonly #limits: Limits;
  #capacity: Capacity = { cpu: 0, gpu: 0 };
  #readAt = -Infinity;
  #reading: Promise<Capacity> | null = null;
  #trainers: readonly TrainerHeartbeat[] = [];
  #demands: readonly JobDemand[] = [];
  /** What this process last wrote of each job. */
  readonly #announced = new Map<string, string>();

  constructor(redis: Redis, limits: Limits = {}) {
    this.#redis = redis;
    this.#limits = limits;
  }

  /** Of all jobs together; at most a second old. */
  async capacity(): Promise<Capacity> {
    if (performance.now() - this.#readAt < FRESH_MS) return this.#capacity;
    this.#reading ??= this.#read().finally(() => (this.#reading = null));
    return this.#reading;
  }

  /** A job's part of it. */
  async capacityFor(state: StudyState): Promise<Capacity> {
    const own = demandOf(state);
    await this.#announce(own);
    const capacity = await this.capacity();
    const { resource, jobId } = own;
    const others = this.#demands.filter((demand) => demand.resource === resource && demand.jobId !== jobId);
    const share = fairShares(capacity[resource], [...others, own]).get(jobId) ?? 0;
    return { ...capacity, [resource]: Math.min(share, capacity[resource]) };
  }

  /** The live trainers, as fresh as the capacity. */
  async trainers(): Promise<readonly TrainerHeartbeat[]> {
    await this.capacity();
    return this.#trainers;
  }

  /** The jobs that share the trainers, as fresh as the capacity. */
  async jobIds(): Promise<readonly string[]> {
    await this.capacity();
    return this.#demands.map(({ jobId }) => jobId).sort();
  }

  /** An ended job has no share. */
  async withdraw(jobId: string): Promise<void> {
    this.#announced.delete(jobId);
    await this.#redis.hdel(redisKeys.demand, jobId);
  }

  /** Removes the demand of jobs that ended unnoticed. @param statuses reads those of the given jobs */
  async sweep(statuses: (jobIds: readonly string[]) => Promise<readonly (StudyState['status'] | null)[]>) {
    const jobIds = await this.#redis.hkeys(redisKeys.demand);
    const found = await statuses(jobIds);
    const ended = jobIds.filter((_, i) => !found[i] || jobEnded(found[i]));
    for (const jobId of ended) await this.withdraw(jobId);
  }

  async #announce(demand: JobDemand): Promise<void> {
    const text = JSON.stringify(demand);
    if (this.#announced.get(demand.jobId) === text) return;
    await this.#redis.hset(redisKeys.demand, demand.jobId, text);
    this.#announced.set(demand.jobId, text);
  }

  async #read(): Promise<Capacity> {
    const slots = { cpu: 0, gpu: 0 };
    const [trainers, demands] = await Promise.all([
      listHeartbeats(this.#redis),
      this.#redis.hvals(redisKeys.demand),
    ]);
    this.#trainers = trainers;
    // One in another version's form is left out.
    this.#demands = demands.flatMap((text) => {
      const parsed = jobDemandSchema.safeParse(JSON.parse(text));
      return parsed.success ? [parsed.data] : [];
    });
    for (const { resource, slots: more, status } of trainers) if (status === 'ready') slots[resource] += more;
    this.#capacity = {
      cpu: Math.min(slots.cpu, this.#limits.cpu ?? Infinity),
      gpu: Math.min(slots.gpu, this.#limits.gpu ?? Infinity),
    };
    this.#readAt = performance.now();
    return this.#capacity;
  }
}
