/** A BullMQ queue whose payloads are those that contracts name for it, checked before they are added. */
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { parseOrThrow, queues, stampVersion, type QueueName } from '@onegin/contracts';
import type { z } from 'zod';
import { withServiceErrors } from './service-error.ts';
import { tracing } from './tracing.ts';
import { QUEUE_PREFIX } from './redis-keys.ts';

export type PayloadOf<Name extends QueueName> = z.output<(typeof queues)[Name]['payload']>;

export interface TaskOptions {
  /** Id of the task: added again while it exists, it is still one. */
  readonly id?: string;
  readonly delayMs?: number;
  /**
   * While a task with this key waits, another is not added; while one is worked on, one more follows it, with
   * the newest payload.
   */
  readonly onceFor?: string;
}

/** States of a task; `absent`: done, removed, or never made. */
export type TaskState = 'waiting' | 'delayed' | 'active' | 'ended' | 'absent';

/** How deep a queue is, for autoscaling and metrics. */
export interface QueueDepth {
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
}

/** Times in ms since 1970; null: there is no such task. */
export interface OldestTasks {
  /** When the next task in line was added. */
  readonly waitingSince: number | null;
  /** When the longest-running one was taken. */
  readonly activeSince: number | null;
}

/** There are at most as many running tasks as workers. */
const ACTIVE_LOOKED_AT = 1000;

export class TypedQueue<Name extends QueueName> {
  readonly name: Name;
  readonly #queue: Queue;
  readonly #redis: Redis;

  /** @param redis `failFast` where a person waits for the answer, else `blocking` */
  constructor(name: Name, redis: Redis) {
    this.name = name;
    const { telemetry } = tracing();
    this.#redis = redis;
    this.#queue = new Queue(name, {
      connection: redis,
      ...(telemetry && { telemetry }),
      prefix: QUEUE_PREFIX,
      // The log is the memory of what was done; a task that is done or failed must free its name.
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1 },
    });
    // The connection's own report says what is wrong with Redis.
    this.#queue.on('error', () => undefined);
  }

  /** @throws OneginError `internal` when the payload is not the queue's */
  add(payload: PayloadOf<Name>, options: TaskOptions = {}): Promise<void> {
    return withServiceErrors(async () => {
      const checked = parseOrThrow(queues[this.name].payload, payload, `a task of ${this.name}`, 'internal');
      await this.#queue.add(this.name, stampVersion(checked), {
        ...(options.id !== undefined && { jobId: options.id }),
        ...(options.delayMs !== undefined && options.delayMs > 0 && { delay: options.delayMs }),
        ...(options.onceFor !== undefined && {
          deduplication: { id: options.onceFor, keepLastIfActive: true },
        }),
      });
    });
  }

  /** Removes a task, unless it is running. */
  remove(id: string): Promise<void> {
    return withServiceErrors(async () => {
      await this.#queue.remove(id);
    });
  }

  state(id: string): Promise<TaskState> {
    return withServiceErrors(async () => {
      const state = await this.#queue.getJobState(id);
      switch (state) {
        case 'waiting':
        case 'prioritized':
          return 'waiting';
        case 'delayed':
        case 'active':
          return state;
        case 'completed':
        case 'failed':
          return 'ended';
        default:
          return 'absent';
      }
    });
  }

  /** Limits the tasks running at once, on all workers together; null: no limit. */
  limit(most: number | null): Promise<void> {
    return withServiceErrors(async () => {
      if (most === null) await this.#queue.removeGlobalConcurrency();
      else await this.#queue.setGlobalConcurrency(most);
    });
  }

  depth(): Promise<QueueDepth> {
    return withServiceErrors(async () => {
      const counts = await this.#queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active');
      return {
        waiting: (counts['waiting'] ?? 0) + (counts['prioritized'] ?? 0),
        delayed: counts['delayed'] ?? 0,
        active: counts['active'] ?? 0,
      };
    });
  }

  /**
   * Tasks that need a worker now: waiting, prioritized, active, and delayed ones that are due. Due ones count
   * because only workers promote them, and without any they would stay delayed for ever.
   */
  demand(now = Date.now()): Promise<number> {
    return withServiceErrors(async () => {
      const counts = await this.#queue.getJobCounts('waiting', 'prioritized', 'active');
      // BullMQ's score of a delayed task: its time in ms, and 12 bits to keep the order of equal times.
      const due = await this.#redis.zcount(this.#queue.toKey('delayed'), '-inf', (now + 1) * 0x1000 - 1);
      return Object.values(counts).reduce((sum, count) => sum + count, due);
    });
  }

  oldest(): Promise<OldestTasks> {
    return withServiceErrors(async () => {
      const [next] = await this.#queue.getJobs(['waiting'], 0, 0, true);
      const active = await this.#queue.getJobs(['active'], 0, ACTIVE_LOOKED_AT - 1, true);
      const taken = active.flatMap((job) => (job?.processedOn === undefined ? [] : [job.processedOn]));
      return {
        waitingSince: next?.timestamp ?? null,
        activeSince: taken.length > 0 ? Math.min(...taken) : null,
      };
    });
  }

  close(): Promise<void> {
    return this.#queue.close();
  }
}
