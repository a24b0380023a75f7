/** The orchestrator's parts, put together: the worker that advances studies, the timers, the stall checks. */
import type { ArtifactStore } from '@onegin/artifacts';
import { queues as queueMap, type QueueName } from '@onegin/contracts';
import {
  requestAdvance,
  StallCheck,
  StudyLog,
  TypedQueue,
  TypedWorker,
  type EntryObserver,
  type Logger,
  type Metrics,
  type RedisConnections,
  type Redis,
} from '@onegin/service-kit';
import { advanceStudy, type AdvanceParts } from './advance-study.ts';
import { Alarms } from './alarms.ts';
import { Asker } from './asking/asker.ts';
import { CarryOut, type Queues } from './carry-out.ts';
import type { OrchestratorConfig } from './config.ts';
import { Demand, type Capacity } from './demand.ts';
import type { DeletionCost } from './deletion-cost.ts';
import { Gauges } from './gauges.ts';
import { LocalFallback } from './local-fallback.ts';
import type { StartLocalTrainer } from './local-trainer.ts';
import { OpenStudies } from './open-studies.ts';
import { orchestratorMetrics } from './orchestrator-metrics.ts';
import { Reconcile } from './reconcile.ts';
import { keepRetention, retentionRule } from './retention.ts';
import { SilentTrainers } from './silent-trainers.ts';
import { DemandReader, type TrainingDemand } from './training-demand.ts';

export interface OrchestratorNeeds {
  readonly redis: RedisConnections;
  readonly log: StudyLog;
  readonly store: ArtifactStore;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly entries?: EntryObserver;
  /** In Kubernetes. */
  readonly deletionCost?: DeletionCost | undefined;
  readonly config: Pick<OrchestratorConfig, 'reconcileMs' | 'stallCheckMs' | 'retentionMs' | 'plots'> &
    Partial<
      Pick<
        OrchestratorConfig,
        'localFallbackMs' | 'maxCpuTrainings' | 'maxGpuTrainings' | 'archiveMaxAgeMs' | 'archiveKeep'
      >
    >;
  /** Absent: this machine never trains. */
  readonly startTrainer?: StartLocalTrainer;
}

export interface Orchestrator {
  readonly worker: TypedWorker<'studies'>;
  /** What autoscaling reads. */
  demand(): Promise<TrainingDemand>;
  /** Starts timers and stall checks. */
  start(): void;
  close(): Promise<void>;
}

/** Studies advanced at once by one process; they share one core, and wait for Redis in between. */
const STUDIES_AT_ONCE = 16;
/** How often it is looked whether trainers came or went. */
const CAPACITY_INTERVAL_MS = 1000;
const GAUGES_INTERVAL_MS = 5000;
const RETENTION_INTERVAL_MS = 3_600_000;
const MIN_LOCK_MS = 1000;

export function createOrchestrator(needs: OrchestratorNeeds): Orchestrator {
  const { redis, log, store, logger, config } = needs;
  const queues = openQueues(redis.blocking);
  const limits = { cpu: config.maxCpuTrainings, gpu: config.maxGpuTrainings };
  const demand = new Demand(redis.blocking, limits);
  const measures = orchestratorMetrics(needs.metrics);
  const asker = new Asker();
  const studies = new OpenStudies(log, asker);
  const silent = new SilentTrainers();
  const ask = (jobId: string) => {
    requestAdvance(queues.studies, jobId).catch((error: unknown) =>
      logger.warn({ err: error, jobId }, 'an advance could not be asked for; the timer will'),
    );
  };
  const alarms = new Alarms(ask);
  const parts: AdvanceParts = {
    log,
    studies,
    queues,
    carryOut: new CarryOut(queues, redis.blocking),
    demand,
    silent,
    store,
    logger,
    plots: config.plots,
    // The timer asks that often; half of it, so that no turn is missed by a millisecond.
    compareEveryMs: config.reconcileMs / 2,
    wakeAt: (jobId, at) => alarms.wakeAt(jobId, at),
    asked: measures.asked,
  };
  const worker = new TypedWorker(
    'studies',
    async ({ jobId }) => {
      const end = measures.advances.startTimer();
      await advanceStudy(jobId, parts).finally(end);
    },
    {
      redis: redis.blocking,
      logger,
      ...(needs.entries && { observer: needs.entries }),
      concurrency: STUDIES_AT_ONCE,
      // Short: two advances at once do no harm, and a study whose orchestrator died should not wait long.
      lockMs: Math.max(MIN_LOCK_MS, config.stallCheckMs),
    },
  );
  const reconcile = new Reconcile({
    log,
    queue: queues.studies,
    store,
    logger,
    retentionMs: config.retentionMs,
  });
  const timers = new Timers(logger);
  const checks = openStallChecks(needs, measures.stalled);
  // Who scales waits seconds only, and takes no answer for an answer.
  const asked = openQueues(redis.failFast);
  const reader = new DemandReader(new StudyLog(redis.failFast), asked, limits);
  const fallbacks = openFallbacks(needs);
  const gauges = new Gauges(measures, {
    studies,
    queues,
    log,
    redis: redis.blocking,
    reconcile,
    demand: reader,
  });
  return {
    worker,
    demand: () => reader.read(),
    start: () => {
      timers.every(config.reconcileMs, async () => {
        await queues['trials-cpu'].limit(limits.cpu ?? null);
        await queues['trials-gpu'].limit(limits.gpu ?? null);
        await reconcile.run();
        await demand.sweep((jobIds) => log.jobStatuses(jobIds));
      });
      timers.every(
        CAPACITY_INTERVAL_MS,
        whenSharesGrow(demand, () => studies.states().forEach(({ jobId }) => ask(jobId))),
      );
      timers.every(CAPACITY_INTERVAL_MS, async () => {
        const trainers = await demand.trainers();
        silent.look(studies.states(), new Set(trainers.map(({ id }) => id)));
        for (const state of studies.states()) if (silent.interruptions(state).length > 0) ask(state.jobId);
      });
      for (const fallback of fallbacks)
        timers.every(CAPACITY_INTERVAL_MS, async () =>
          fallback.look(studies.states(), await demand.trainers()),
        );
      const { deletionCost } = needs;
      if (deletionCost)
        timers.every(CAPACITY_INTERVAL_MS, async () => deletionCost.follow(await demand.trainers()));
      timers.every(GAUGES_INTERVAL_MS, () => gauges.set());
      const rule = retentionRule(config);
      if (rule) timers.every(RETENTION_INTERVAL_MS, () => keepRetention(rule, { log, store, logger }));
      for (const check of checks)
        check.start().catch((error: unknown) => logger.error({ err: error }, 'no stall check'));
    },
    close: async () => {
      timers.close();
      alarms.close();
      asker.close();
      await Promise.all(
        [...fallbacks, ...checks, ...Object.values(queues), ...Object.values(asked)].map((part) =>
          part.close(),
        ),
      );
    },
  };
}

function openQueues(redis: Redis): Queues {
  return {
    studies: new TypedQueue('studies', redis),
    'trials-cpu': new TypedQueue('trials-cpu', redis),
    'trials-gpu': new TypedQueue('trials-gpu', redis),
    plots: new TypedQueue('plots', redis),
  };
}

/** For all queues: where no trainer or plotter is left, nobody else would look. */
function openStallChecks(
  { redis, logger, config }: OrchestratorNeeds,
  onStalled: (queue: QueueName) => void,
): StallCheck[] {
  const names = Object.keys(queueMap) as QueueName[];
  return names.map(
    (name) =>
      new StallCheck(name, { redis: redis.blocking, logger, everyMs: config.stallCheckMs, onStalled }),
  );
}

function openFallbacks({ redis, log, logger, config, startTrainer }: OrchestratorNeeds): LocalFallback[] {
  const { localFallbackMs: afterMs } = config;
  if (afterMs === undefined || !startTrainer) return [];
  const parts = { redis: redis.blocking, log, logger, afterMs, startTrainer };
  return (['cpu', 'gpu'] as const).map((resource) => new LocalFallback(resource, parts));
}

/** Work that is repeated, never at the same time with itself; a failure waits for the next time. */
class Timers {
  readonly #logger: Logger;
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  every(ms: number, work: () => Promise<unknown>): void {
    let running = false;
    const run = async (): Promise<void> => {
      if (running) return;
      running = true;
      try {
        await work();
      } catch (error) {
        this.#logger.warn({ err: error }, 'the timer’s work failed; it is tried again');
      } finally {
        running = false;
      }
    };
    void run();
    this.#timers.push(setInterval(() => void run(), ms));
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }
}

/** Calls when trainers were added, or other jobs share them: what waits for room can start. */
function whenSharesGrow(demand: Demand, call: () => void): () => Promise<void> {
  let before: Capacity | null = null;
  let jobsBefore = '';
  return async () => {
    const capacity = await demand.capacity();
    const jobs = (await demand.jobIds()).join(' ');
    if (before && (capacity.cpu > before.cpu || capacity.gpu > before.gpu || jobs !== jobsBefore)) call();
    before = capacity;
    jobsBefore = jobs;
  };
}
