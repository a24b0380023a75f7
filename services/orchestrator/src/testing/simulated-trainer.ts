/**
 * A stand-in for a trainer, for tests and benchmarks only: it takes real queue entries and writes real events, but
 * computes a formula instead of training. Its heartbeat and its name say so.
 *
 *   accuracy after epoch t = top(params, seed) · (1 − e^(−t / 2)),   top = 0.6 + 0.35 · e^(−(log10(lr) + 2.5)²) + noise
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  trainingEvents,
  trialQueue,
  type EpochSummary,
  type NewStudyEvent,
  type Resource,
  type TrainerHeartbeat,
  type TrainingResult,
  type TrialJob,
} from '@onegin/contracts';
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
  type EntryContext,
  type Logger,
} from '@onegin/service-kit';

export interface SimulatedTrainerOptions {
  readonly redisUrl: string;
  readonly logger: Logger;
  readonly resource?: Resource;
  /** Trainings at once. */
  readonly slots?: number;
  /** Time of an epoch; 0: none. */
  readonly epochMs?: number;
  /** Validation accuracy of a trial after an epoch; not finite or an Error: the attempt fails. */
  readonly accuracy?: (job: TrialJob, epoch: number) => number | Error;
  readonly lockMs?: number;
}

export interface SimulatedTrainer {
  readonly id: string;
  /** Entries taken, in order. */
  readonly taken: readonly TrialJob[];
  /** Attempts that ended because the outcome was decided elsewhere. */
  readonly stopped: readonly TrialJob[];
  close(): Promise<void>;
}

/** The formula above. */
export function simulatedAccuracy(job: TrialJob, epoch: number): number {
  const rate = typeof job.params['learningRate'] === 'number' ? job.params['learningRate'] : 1e-3;
  const noise = ((job.seed % 1000) / 1000 - 0.5) * 0.02;
  const top = 0.6 + 0.35 * Math.exp(-((Math.log10(rate) + 2.5) ** 2)) + noise;
  return top * (1 - Math.exp(-epoch / 2));
}

export async function startSimulatedTrainer(options: SimulatedTrainerOptions): Promise<SimulatedTrainer> {
  const { redisUrl, logger, resource = 'cpu', slots = 1, lockMs = 5000 } = options;
  const id = `simulated-${randomUUID().slice(0, 8)}`;
  const redis = connectRedis(redisUrl, { name: id, logger });
  await redis.ready();
  const subscriptions = new Subscriptions(redis.open('subscriptions'));
  const studies = new TypedQueue('studies', redis.patient);
  const taken: TrialJob[] = [];
  const stopped: TrialJob[] = [];
  const log = new StudyLog(redis.patient);
  const startedAt = Date.now();
  const beat = () => writeHeartbeat(redis.patient, heartbeat({ id, resource, slots, startedAt }));
  const worker = new TypedWorker(
    trialQueue(resource),
    async (job, entry) => {
      taken.push(job);
      const stop = new AbortController();
      const unwatch = await watchControl({ redis: redis.patient, subscriptions }, job, () => stop.abort());
      try {
        const append = async (event: NewStudyEvent) =>
          (await appendAndAdvance({ log, studies }, job.jobId, [event], job.pruning)).refusals[0] === null;
        const records = await log.records(
          job.jobId,
          job.target === 'final' ? 'final' : `trial:${job.target}`,
        );
        const finished = await simulate(job, entry, { id, options, append, stop: stop.signal, ...records });
        if (!finished) stopped.push(job);
      } finally {
        unwatch();
      }
    },
    { redis: redis.patient, logger, concurrency: slots, lockMs },
  );
  await beat();
  const beats = setInterval(() => void beat(), HEARTBEAT_INTERVAL_MS);
  await worker.start();
  let closed = false;
  return {
    id,
    taken,
    stopped,
    close: async () => {
      if (closed) return;
      closed = true;
      clearInterval(beats);
      await worker.close(100);
      await removeHeartbeat(redis.patient, id);
      redis.close();
    },
  };
}

interface Simulation {
  readonly id: string;
  readonly options: SimulatedTrainerOptions;
  readonly append: (event: NewStudyEvent) => Promise<boolean>;
  readonly stop: AbortSignal;
  /** Of the records: attempts so far, epochs done. */
  readonly counter: number;
  readonly epoch: number;
}

/** @returns whether this attempt came to its own end */
async function simulate(job: TrialJob, entry: EntryContext, simulation: Simulation): Promise<boolean> {
  const { id, append, stop, options } = simulation;
  const { epochMs = 0, accuracy = simulatedAccuracy } = options;
  const on = trainingEvents(job.target);
  const attempt = simulation.counter + 1;
  if (!(await append(on.started({ trainer: id, attempt, engine: 'simulated', device: 'none' }))))
    return false;
  let reached = 0;
  for (let epoch = simulation.epoch + 1; epoch <= job.untilEpoch; epoch++) {
    if (epochMs > 0) await pause(epochMs, [stop, entry.signal]);
    if (stop.aborted || entry.signal.aborted) return false;
    const value = accuracy(job, epoch);
    if (value instanceof Error || !Number.isFinite(value)) {
      const message = value instanceof Error ? value.message : `the accuracy is ${value}`;
      return append(on.attemptFailed({ attempt, trainer: id, code: 'training-failed', message }));
    }
    reached = value;
    if (!(await append(on.epoch({ attempt, summary: summaryOf(epoch, value, epochMs) })))) return false;
  }
  if (job.target !== 'final' && job.untilEpoch < job.epochs)
    return append({ type: 'TrialPaused', number: job.target, attempt });
  if (reached === 0) reached = Number(accuracy(job, job.untilEpoch));
  return append(on.completed({ attempt, result: resultOf(job, reached, epochMs), artifacts: [] }));
}

function pause(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    for (const signal of signals) signal.addEventListener('abort', end);
  });
}

const summaryOf = (epoch: number, accuracy: number, epochMs: number): EpochSummary => ({
  epoch,
  trainLoss: 1 - accuracy,
  trainAccuracy: accuracy,
  validationLoss: 1 - accuracy,
  validationAccuracy: accuracy,
  learningRate: 0.001,
  seconds: epochMs / 1000,
  samplesPerSecond: 0,
});

function resultOf(job: TrialJob, accuracy: number, epochMs: number): TrainingResult {
  const unknown = { known: false, value: null, reason: 'simulated' } as const;
  return {
    accuracy,
    trainAccuracy: accuracy,
    loss: 1 - accuracy,
    health: {
      neuronUtilization: unknown,
      parameterEfficiency: unknown,
      trainingStability: unknown,
      gradientHealth: unknown,
      convergenceQuality: unknown,
      accuracyConsistency: unknown,
      score: null,
      overfittingGap: null,
      calibrationError: null,
      millisecondsPerSample: null,
    },
    parameterCount: 1000 + (job.seed % 1000),
    epochs: job.untilEpoch,
    seconds: (job.untilEpoch * epochMs) / 1000,
  };
}

const heartbeat = (
  of: Pick<TrainerHeartbeat, 'id' | 'resource' | 'slots' | 'startedAt'>,
): TrainerHeartbeat => ({
  ...of,
  host: hostname(),
  pid: process.pid,
  engine: 'simulated',
  device: 'none',
  status: 'ready',
  current: [],
  stepsPerSecond: null,
  samplesPerSecond: null,
  completed: 0,
  failedInARow: 0,
  failed: 0,
  at: Date.now(),
  simulated: true,
});
