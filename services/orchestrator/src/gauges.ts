/** Sets the gauges to the current values. All are read from Redis, so that every replica reports the same. */
import { trainingStatuses, type QueueName } from '@onegin/contracts';
import { listHeartbeats, type Redis, type StudyLog } from '@onegin/service-kit';
import type { Queues } from './effects.ts';
import type { OpenStudies } from './open-studies.ts';
import { openJobStatuses, trainerStates, type OrchestratorMetrics } from './orchestrator-metrics.ts';
import type { Reconcile } from './reconcile.ts';
import type { DemandReader } from './training-demand.ts';

export interface GaugeSources {
  readonly studies: OpenStudies;
  readonly queues: Queues;
  readonly log: StudyLog;
  readonly redis: Redis;
  readonly reconcile: Pick<Reconcile, 'open'>;
  readonly demand: Pick<DemandReader, 'read'>;
}

export class Gauges {
  readonly #metrics: OrchestratorMetrics;
  readonly #sources: GaugeSources;

  constructor(metrics: OrchestratorMetrics, sources: GaugeSources) {
    this.#metrics = metrics;
    this.#sources = sources;
  }

  async set(): Promise<void> {
    const { studies, queues } = this.#sources;
    this.#metrics.studies.set(studies.size);
    await Promise.all([
      this.#trainers(),
      this.#jobs(),
      this.#redis(),
      ...(Object.keys(queues) as QueueName[]).map((queue) => this.#queue(queue)),
    ]);
  }

  async #queue(queue: QueueName): Promise<void> {
    const { tasks, demand, oldestWaiting, oldestActive } = this.#metrics;
    const source = this.#sources.queues[queue];
    const [depth, wanted, { waitingSince, activeSince }] = await Promise.all([
      source.depth(),
      source.demand(),
      source.oldest(),
    ]);
    for (const state of ['waiting', 'delayed', 'active'] as const) tasks.set({ queue, state }, depth[state]);
    demand.set({ queue }, wanted);
    oldestWaiting.set({ queue }, secondsSince(waitingSince));
    oldestActive.set({ queue }, secondsSince(activeSince));
  }

  async #trainers(): Promise<void> {
    const [heartbeats, wanted] = await Promise.all([
      listHeartbeats(this.#sources.redis),
      this.#sources.demand.read(),
    ]);
    for (const resource of ['cpu', 'gpu'] as const) {
      this.#metrics.wanted.set({ resource }, wanted[resource]);
      const own = heartbeats.filter((one) => one.resource === resource);
      for (const state of trainerStates)
        this.#metrics.trainers.set({ resource, state }, own.filter(({ status }) => status === state).length);
      const ready = own.filter(({ status }) => status === 'ready');
      this.#metrics.slots.set(
        { resource },
        ready.reduce((sum, { slots }) => sum + slots, 0),
      );
    }
  }

  async #jobs(): Promise<void> {
    const { reconcile, log } = this.#sources;
    const open = reconcile.open;
    for (const wanted of openJobStatuses)
      this.#metrics.jobs.set({ status: wanted }, open.filter(({ status }) => status === wanted).length);
    const counts = await log.trialCounts(open.map(({ jobId }) => jobId));
    for (const status of trainingStatuses) this.#metrics.trials.set({ status }, counts[status]);
  }

  async #redis(): Promise<void> {
    const info = await this.#sources.redis.info('memory');
    const valueOf = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
    this.#metrics.redisMemory.set(valueOf('used_memory'));
    this.#metrics.redisLimit.set(valueOf('maxmemory'));
  }
}

const secondsSince = (at: number | null): number => (at === null ? 0 : Math.max(0, Date.now() - at) / 1000);
