/**
 * A stand-in for a trainer, for tests and benchmarks only: it takes real tasks and writes real events, but
 * looks its results up in recorded learning curves instead of training. Its heartbeat and its name say so.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { subjectOf, trialQueue } from '@onegin/contracts';
import type { Resource, TrainerHeartbeat, TrialJob } from '@onegin/contracts';
import {
  appendAndAdvance,
  connectRedis,
  HEARTBEAT_INTERVAL_MS,
  removeHeartbeat,
  StudyLog,
  Subscriptions,
  TypedQueue,
  TypedWorker,
  watchControl,
  writeHeartbeat,
  type TaskContext,
  type Logger,
  type RedisConnections,
} from '@onegin/service-kit';
import { simulate, type Pace } from './simulation.ts';

export interface SimulatedTrainerOptions extends Pace {
  readonly redisUrl: string;
  readonly logger: Logger;
  readonly resource?: Resource;
  /** Trainings at once. */
  readonly slots?: number;
  readonly lockMs?: number;
  /** Connections to share with other trainers of this process; default: its own. */
  readonly shared?: SharedConnections;
}

export interface SharedConnections {
  readonly redis: RedisConnections;
  readonly subscriptions: Subscriptions;
  readonly studies: TypedQueue<'studies'>;
}

export interface SimulatedTrainer {
  readonly id: string;
  /** Tasks taken, in order. */
  readonly taken: readonly TrialJob[];
  /** Attempts that ended because the outcome was decided elsewhere. */
  readonly stopped: readonly TrialJob[];
  /** Releases what it trains, as a real trainer does when it shuts down. */
  drain(): Promise<void>;
  /** Ends as if it had died: what it trained keeps its lock until that runs out. */
  close(): Promise<void>;
}

export function connectTrainers(redisUrl: string, logger: Logger, name: string): SharedConnections {
  const redis = connectRedis(redisUrl, { name, logger });
  return {
    redis,
    subscriptions: new Subscriptions(redis.open('subscriptions')),
    studies: new TypedQueue('studies', redis.blocking),
  };
}

export async function startSimulatedTrainer(options: SimulatedTrainerOptions): Promise<SimulatedTrainer> {
  const { redisUrl, logger, resource = 'cpu', slots = 1, lockMs = 5000 } = options;
  const id = `simulated-${randomUUID().slice(0, 8)}`;
  const connections = options.shared ?? connectTrainers(redisUrl, logger, id);
  const { redis } = connections;
  await redis.ready();
  const taken: TrialJob[] = [];
  const stopped: TrialJob[] = [];
  const drain = new AbortController();
  // A log of its own: one writer appends to a study one event at a time.
  const log = new StudyLog(redis.blocking);
  const startedAt = Date.now();
  const beat = (status: TrainerHeartbeat['status']) =>
    writeHeartbeat(redis.blocking, heartbeat({ id, resource, slots, startedAt, status }));
  const worker = new TypedWorker(
    trialQueue(resource),
    async (job, task) => {
      if (drain.signal.aborted) return task.release();
      taken.push(job);
      const end = await attempt(job, task, { id, options, log, connections, drain: drain.signal });
      if (end === 'stopped') stopped.push(job);
      if (end === 'released') await task.release();
    },
    { redis: redis.blocking, logger, concurrency: slots, lockMs },
  );
  await beat('ready');
  const beats = setInterval(() => void beat('ready').catch(() => undefined), HEARTBEAT_INTERVAL_MS);
  await worker.start();
  let closed: Promise<void> | null = null;
  const close = async (withinMs: number): Promise<void> => {
    clearInterval(beats);
    await worker.close(withinMs);
    await removeHeartbeat(redis.blocking, id);
    if (!options.shared) redis.close();
  };
  return {
    id,
    taken,
    stopped,
    drain: () => {
      drain.abort();
      return (closed ??= close(DRAIN_MS));
    },
    close: () => (closed ??= close(CLOSE_MS)),
  };
}

const DRAIN_MS = 5000;
const CLOSE_MS = 100;

interface AttemptParts {
  readonly id: string;
  readonly options: SimulatedTrainerOptions;
  readonly log: StudyLog;
  readonly connections: SharedConnections;
  readonly drain: AbortSignal;
}

async function attempt(
  job: TrialJob,
  task: TaskContext,
  { id, options, log, connections, drain }: AttemptParts,
) {
  const { redis, subscriptions, studies } = connections;
  const told = new AbortController();
  const unwatch = await watchControl({ redis: redis.blocking, subscriptions }, job, () => told.abort());
  try {
    const subject = subjectOf(job.target);
    return await simulate(job, {
      ...options,
      ...(await log.records(job.jobId, subject)),
      trainer: id,
      stop: AbortSignal.any([told.signal, task.signal]),
      drain,
      append: async (event) =>
        (await appendAndAdvance({ log, studies }, job.jobId, [event], job.pruning)).refusals[0] === null,
    });
  } finally {
    unwatch();
  }
}

const heartbeat = (
  of: Pick<TrainerHeartbeat, 'id' | 'resource' | 'slots' | 'startedAt' | 'status'>,
): TrainerHeartbeat => ({
  ...of,
  host: hostname(),
  pid: process.pid,
  engine: 'simulated',
  device: 'none',
  current: [],
  stepsPerSecond: null,
  samplesPerSecond: null,
  completed: 0,
  failedInARow: 0,
  failed: 0,
  at: Date.now(),
  simulated: true,
});
