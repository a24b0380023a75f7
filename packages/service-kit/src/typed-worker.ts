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

/** What a processor can do with its entry besides working on it. */
export interface EntryContext {
  readonly id: string;
  /** Aborted when the entry was lost to another worker, or the service is told to end at once. */
  readonly signal: AbortSignal;
  /** Puts the entry back, next in line for any worker. Throws: nothing may follow it. */
  handBack(): Promise<never>;
  /**
   * Puts the entry back, for any worker after so long; others go first. Throws: nothing may follow it.
   * @param awayMs so long this worker takes nothing, so that another one gets it
   */
  postpone(ms: number, awayMs?: number): Promise<never>;
}

export type Processor<Name extends QueueName> = (
  payload: PayloadOf<Name>,
  context: EntryContext,
) => Promise<void>;

/** Hears of the entries of a process. */
export interface EntryObserver {
  /** @param seconds since it could be taken; told only the first time that it is */
  taken(queue: QueueName, seconds: number): void;
  ended(queue: QueueName, outcome: 'done' | 'handed-back' | 'failed'): void;
}

export interface WorkerSettings {
  readonly redis: Redis;
  readonly logger: Logger;
  readonly observer?: EntryObserver;
  /** Entries worked on at once. */
  readonly concurrency?: number;
  /** An entry whose worker is silent for so long is given to another. */
  readonly lockMs?: number;
}

const LOCK_MS = 30_000;
/** The log bounds how often something is tried; the queue must not end an entry that the log counts on. */
const STALLS_ALLOWED = 1000;
const CLOSE_MS = 2000;
/** Before a task that this version can't read is offered again. */
const UNREAD_MS = 2000;

/** Whether the work was done in time; it goes on in any case. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, ms, false)));
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer));
}

export class TypedWorker<Name extends QueueName> {
  readonly name: Name;
  readonly #worker: Worker;
  readonly #redis: Redis;
  readonly #logger: Logger;
  readonly #observer: EntryObserver | undefined;
  readonly #active = new Set<Promise<void>>();
  /** Tasks of a newer version; people are told once of each. */
  readonly #unread = new Set<string>();
  /** By the entry's id: what its lock is held with. */
  readonly #tokens = new Map<string, string>();

  /** Takes no entry before `run`. */
  constructor(name: Name, processor: Processor<Name>, settings: WorkerSettings) {
    const { redis, logger, concurrency = 1, lockMs = LOCK_MS } = settings;
    this.name = name;
    this.#redis = redis;
    this.#logger = logger;
    this.#observer = settings.observer;
    // Three named parameters: BullMQ counts them, and gives a signal only to who has the third.
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
      logger.error({ err: error, queue: name, entry: job?.id }, 'an entry failed');
    });
  }

  #holdLocks(ids: readonly string[]): void {
    for (const id of ids)
      holdLock(this.#redis, this.#worker, id, this.#tokens.get(id) ?? '').then(
        (held) => held || this.#worker.cancelJob(id, 'the entry was lost to another worker'),
        (error: unknown) => {
          // Where Redis is full or away nobody else can take the entry either; the next renewal comes here again.
          if (!redisErrorCode(error))
            this.#logger.error({ err: error, queue: this.name }, 'a lock cannot be held');
        },
      );
  }

  async #observed(job: Job, work: () => Promise<void>): Promise<void> {
    // One that was taken before waited for another reason than that nobody had time.
    if (job.attemptsStarted <= 1)
      this.#observer?.taken(this.name, Math.max(0, Date.now() - job.timestamp - (job.delay ?? 0)) / 1000);
    try {
      await work();
      this.#observer?.ended(this.name, 'done');
    } catch (error) {
      this.#observer?.ended(this.name, error instanceof WaitingError ? 'handed-back' : 'failed');
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
      handBack: async () => {
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

  /** Starts taking entries; resolves when it listens. */
  async start(): Promise<void> {
    await this.#worker.waitUntilReady();
    this.#worker.run().catch((error: unknown) => {
      this.#logger.error({ err: error, queue: this.name }, 'the queue worker ended');
    });
  }

  /** Takes no more entries; resolves when those being worked on are done, by the deadline at the latest. */
  async close(withinMs: number): Promise<void> {
    // BullMQ's graceful close waits without end and can't be hurried once begun: the waiting is done here.
    await this.#worker.pause(true);
    const done = await within(withinMs, Promise.allSettled(this.#active));
    if (!done) {
      this.#worker.cancelAllJobs('the service ends');
      this.#logger.warn({ queue: this.name }, 'work did not end in time; another worker will take it up');
    }
    // What is done is still to be told to Redis, which may be away.
    await within(done ? CLOSE_MS : 0, this.#worker.close(!done));
  }

  /** Resolves when nothing is worked on; after a `pause`, for good. */
  async idle(): Promise<void> {
    while (this.#active.size > 0) await Promise.allSettled(this.#active);
  }

  /** Takes no more entries, at once; what is worked on goes on. */
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
  /** An entry is given on at the second look that finds it without a lock. */
  readonly everyMs: number;
  /** Hears of every entry that is given on. */
  readonly onStalled?: (queue: QueueName) => void;
}

/** Looks for entries whose worker died, on a queue that nobody in this process works on. */
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
      logger.warn({ queue: name, entry: id }, 'its worker is lost; the entry goes to another');
    });
  }

  start(): Promise<void> {
    return this.#worker.startStalledCheckTimer();
  }

  close(): Promise<void> {
    return this.#worker.close(true);
  }
}
