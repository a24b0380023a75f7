/** How much can be trained at once: the slots of the live trainers that take work, by their heartbeats. */
import type { Resource, TrainerHeartbeat } from '@onegin/contracts';
import { listHeartbeats, type Redis } from '@onegin/service-kit';

export type Capacity = Readonly<Record<Resource, number>>;

/** Heartbeats change every few seconds; decisions come more often. */
const FRESH_MS = 1000;

export class Demand {
  readonly #redis: Redis;
  #capacity: Capacity = { cpu: 0, gpu: 0 };
  #readAt = -Infinity;
  #reading: Promise<Capacity> | null = null;
  #trainers: readonly TrainerHeartbeat[] = [];

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** At most a second old. */
  async capacity(): Promise<Capacity> {
    if (performance.now() - this.#readAt < FRESH_MS) return this.#capacity;
    this.#reading ??= this.#read().finally(() => (this.#reading = null));
    return this.#reading;
  }

  /** The live trainers, as fresh as the capacity. */
  async trainers(): Promise<readonly TrainerHeartbeat[]> {
    await this.capacity();
    return this.#trainers;
  }

  async #read(): Promise<Capacity> {
    const capacity = { cpu: 0, gpu: 0 };
    this.#trainers = await listHeartbeats(this.#redis);
    for (const { resource, slots, status } of this.#trainers)
      if (status === 'ready') capacity[resource] += slots;
    this.#capacity = capacity;
    this.#readAt = performance.now();
    return capacity;
  }
}
