/** A BullMQ worker whose payloads are those that contracts name for the queue, checked before they are worked on. */
import { setTimeout as delay } from 'node:timers/promises';
import { DelayedError, WaitingError, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { OneginError, parseMessage, queues, type QueueName } from '@onegin/contracts';
import { holdLock } from './hold-lock.ts';
import type { Logger } from './logger.ts';
import { redisErrorCode } from './service-error.ts';
import { tracing } from './tracing.ts';
import type { PayloadOf } from './typed-queue.ts';
import { QUEUE_PREFIX } from './redis-keys.ts';
import { within } from './within.ts';

/** What a processor can do with its task besides working on it. */
export interface TaskContext {
  readonly id: string;
  /** Aborted when the task was lost to another worker, or the service must shut down at once. */
  readonly signal: AbortSignal;
  /** Puts the task back, next in line for any worker. Throws: do nothing after it. */
  release(): Promise<never>;
  /**
   * Puts the task back, for any worker once the time has passed; others go first. Throws: do nothing after it.
   * @param awayMs how long this worker takes nothing, so that another one gets it
   */
  postpone(ms: number, awayMs?: number): Promise<never>;
}

export type Processor<Name extends QueueName> = (
  payload: PayloadOf<Name>,
  context: TaskContext,
) => Promise<void>;

/** Observes the tasks of a process. */
export interface TaskObserver {
  /** @param seconds since it could be taken; called only the first time it is taken */
  taken(queue: QueueName, seconds: number): void;
  ended(queue: QueueName, outcome: 'done' | 'released' | 'failed'): void;
}

export interface WorkerSettings {
  readonly redis: Redis;
  readonly logger: Logger;
  readonly observer?: TaskObserver;
  /** Tasks running at once. */
  readonly concurrency?: number;
  /** How long a worker may stop responding before its task goes to another. */
  readonly lockMs?: number;
}

const LOCK_MS = 30_000;
/** The log bounds how often something is tried; the queue must not end a task that the log counts on. */
const STALLS_ALLOWED = 1000;
const CLOSE_MS = 2000;
/** Before a task that this version can't read is offered again. */
const UNREAD_MS = 2000;

export class TypedWorker<Name extends QueueName> {
  readonly name: Name;
  readonly #worker: Worker;
  readonly #redis: Redis;
  readonly #logger: Logger;
  readonly #observer: TaskObserver | undefined;
  readonly #active = new Set<Promise<void>>();
  /** Tasks of a newer version; people are told once of each. */
  readonly #unread = new Set<string>();
  /** By the task's id: what its lock is held with. */
  readonly #tokens = new Map<string, string>();

  /** Takes no task before `run`. */
  constructor(name: Name, processor: Processor<Name>, settings: WorkerSettings) {
    const { redis, logger, concurrency = 1, lockMs = LOCK_MS } = settings;
    this.name = name;
    this.#redis = redis;
    this.#logger = logger;
    this.#observer = settings.observer;
    // Three named parameters: BullMQ counts them, and passes a signal only where there is a third.
    const work = (job: Job, token: string | undefined, signal: AbortSignal | undefined) => {
      this.#tokens.set(job.id!, token!);
      const working = this.#observed(job, () => this.#process(job, token, signal, processor));
      this.#active.add(working);
      const forget = () => {
        this.#active.delete(working);
        if (this.#tokens.get(job.id!) === token) this.#tokens.delete(job.id!);
      };
      working.then(forget, forget);
      return working;
    };
    const { telemetry } = tracing();
    this.#worker = new Worker(name, work, {
      connection: redis,
      ...(telemetry && { telemetry }),
      prefix: QUEUE_PREFIX,
      autorun: false,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: STALLS_ALLOWED,
      runRetryDelay: 1000,
    });
    this.#worker.on('error', (error) => {
      const code = redisErrorCode(error);
      if (code === 'redis-full') this.#holdLocks([...this.#tokens.keys()]);
      else if (!code) logger.error({ err: error, queue: name }, 'the queue worker reports an error');
    });
    this.#worker.on('lockRenewalFailed', (ids) => this.#holdLocks(ids));
    this.#worker.on('failed', (job, error) => {
      logger.error({ err: error, queue: name, entry: job?.id }, 'a task failed');
    });
  }

  #holdLocks(ids: readonly string[]): void {
    for (const id of ids)
      holdLock(this.#redis, this.#worker, id, this.#tokens.get(id) ?? '').then(
        (held) => held || this.#worker.cancelJob(id, 'the task was lost to another worker'),
        (error: unknown) => {
          // Where Redis is full or unreachable nobody else can take the task either; the next renewal comes here again.
          if (!redisErrorCode(error))
            this.#logger.error({ err: error, queue: this.name }, 'a lock cannot be held');
        },
      );
  }

  async #observed(job: Job, work: () => Promise<void>): Promise<void> {
    // One that was taken before waited for another reason than that all workers were busy.
    if (job.attemptsStarted <= 1)
      this.#observer?.taken(this.name, Math.max(0, Date.now() - job.timestamp - (job.delay ?? 0)) / 1000);
    try {
      await work();
      this.#observer?.ended(this.name, 'done');
    } catch (error) {
      this.#observer?.ended(this.name, error instanceof WaitingError ? 'released' : 'failed');
      throw error;
    }
  }

  async #process(
    job: Job,
    token: string | undefined,
    signal: AbortSignal | undefined,
    processor: Processor<Name>,
  ): Promise<void> {
    // TypeScript does not follow that the schema of a queue's name gives the payload of that name.
    const payload = await this.#read(job, token);
    await processor(payload as PayloadOf<Name>, {
      id: job.id ?? '',
      signal: signal ?? new AbortController().signal,
      release: async () => {
        await job.moveToWait(token);
        throw new WaitingError();
      },
      postpone: async (ms, awayMs = 0) => {
        await job.moveToDelayed(Date.now() + ms, token);
        await delay(awayMs);
        throw new DelayedError();
      },
    });
  }

  /** What only a newer version understands goes back, for a worker of that version. */
  async #read(job: Job, token: string | undefined): Promise<unknown> {
    try {
      return parseMessage(queues[this.name].payload, job.data, `a task of ${this.name}`);
    } catch (error) {
      if (!(error instanceof OneginError && error.code === 'newer-version')) throw error;
      if (!this.#unread.has(job.id!)) this.#logger.warn({ queue: this.name, entry: job.id }, error.message);
      this.#unread.add(job.id!);
      await job.moveToDelayed(Date.now() + UNREAD_MS, token);
      throw new DelayedError();
    }
  }

  /** Starts taking tasks; resolves when it listens. */
  async start(): Promise<void> {
    await this.#worker.waitUntilReady();
    this.#worker.run().catch((error: unknown) => {
      this.#logger.error({ err: error, queue: this.name }, 'the queue worker ended');
    });
  }

  /** Takes no more tasks; resolves when those being worked on are done, by the deadline at the latest. */
  async close(withinMs: number): Promise<void> {
    // BullMQ's graceful close waits without end and can't be hurried once begun: the waiting is done here.
    await this.#worker.pause(true);
    const done = await within(withinMs, Promise.allSettled(this.#active));
    if (!done) {
      this.#worker.cancelAllJobs('the service ends');
      this.#logger.warn({ queue: this.name }, 'work did not end in time; another worker will take it up');
    }
    // What is done must still be reported to Redis, which may be down.
    await within(done ? CLOSE_MS : 0, this.#worker.close(!done));
  }

  /** Resolves when no task is running; after a `pause`, none will start. */
  async idle(): Promise<void> {
    while (this.#active.size > 0) await Promise.allSettled(this.#active);
  }

  /** Takes no more tasks from now on; running ones continue. */
  pause(): Promise<void> {
    return this.#worker.pause(true);
  }

  resume(): Promise<void> {
    return this.#worker.resume();
  }
}

/**
 * At start-up: every queue that the service says it consumes has exactly one worker, and none has another.
 * @throws OneginError `internal`
 */
export function checkWorkers(
  consumes: readonly QueueName[],
  workers: readonly { readonly name: QueueName }[],
): void {
  const names = new Set([...consumes, ...workers.map(({ name }) => name)]);
  for (const name of names) {
    const found = workers.filter((worker) => worker.name === name).length;
    const expected = consumes.includes(name) ? 1 : 0;
    if (found !== expected)
      throw new OneginError('internal', `queue ${name}: expected ${expected} processors, found ${found}`);
  }
}

export interface StallCheckSettings {
  readonly redis: Redis;
  readonly logger: Logger;
  /** A task goes to another worker at the second check that finds it without a lock. */
  readonly everyMs: number;
  /** Called for every task that goes to another worker. */
  readonly onStalled?: (queue: QueueName) => void;
}

/** Looks for tasks whose worker died, on a queue that this process does not work on. */
export class StallCheck {
  readonly #worker: Worker;

  constructor(name: QueueName, { redis, logger, everyMs, onStalled }: StallCheckSettings) {
    this.#worker = new Worker(name, null, {
      connection: redis,
      prefix: QUEUE_PREFIX,
      autorun: false,
      stalledInterval: everyMs,
      maxStalledCount: STALLS_ALLOWED,
    });
    this.#worker.on('error', (error) => {
      if (!redisErrorCode(error))
        logger.error({ err: error, queue: name }, 'the stall check reports an error');
    });
    this.#worker.on('stalled', (id) => {
      onStalled?.(name);
      logger.warn({ queue: name, entry: id }, 'its worker is lost; the task goes to another');
    });
  }

  start(): Promise<void> {
    return this.#worker.startStalledCheckTimer();
  }

  close(): Promise<void> {
    return this.#worker.close(true);
  }
}
