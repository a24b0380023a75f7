/** The orchestrator's parts, put together: the worker that advances studies, the timers, the stall checks. */
import type { ArtifactStore } from '@onegin/artifacts';
import { queues as queueMap, type QueueName } from '@onegin/contracts';
import {
  requestAdvance,
  SHORT_SECONDS,
  StallCheck,
  TypedQueue,
  TypedWorker,
  type Logger,
  type Metrics,
  type RedisConnections,
  type StudyLog,
} from '@onegin/service-kit';
import { advanceStudy, type AdvanceParts } from './advance-study.ts';
import { Alarms } from './alarms.ts';
import { Asker } from './asking/asker.ts';
import { CarryOut, type Queues } from './carry-out.ts';
import type { OrchestratorConfig } from './config.ts';
import { Demand, type Capacity } from './demand.ts';
import { OpenStudies } from './open-studies.ts';
import { Reconcile } from './reconcile.ts';
import { SilentTrainers } from './silent-trainers.ts';

export interface OrchestratorNeeds {
  readonly redis: RedisConnections;
  readonly log: StudyLog;
  readonly store: ArtifactStore;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly config: Pick<OrchestratorConfig, 'reconcileMs' | 'stallCheckMs' | 'retentionMs' | 'plots'> &
    Partial<Pick<OrchestratorConfig, 'maxCpuTrainings' | 'maxGpuTrainings'>>;
}

export interface Orchestrator {
  readonly worker: TypedWorker<'studies'>;
  /** Starts timers and stall checks. */
  start(): void;
  close(): Promise<void>;
}

/** Studies advanced at once by one process; they share one core, and wait for Redis in between. */
const STUDIES_AT_ONCE = 16;
/** How often it is looked whether trainers came or went. */
const CAPACITY_INTERVAL_MS = 1000;
const GAUGES_INTERVAL_MS = 5000;
const MIN_LOCK_MS = 1000;

export function createOrchestrator(needs: OrchestratorNeeds): Orchestrator {
  const { redis, log, store, logger, config } = needs;
  const queues = openQueues(redis);
  const limits = { cpu: config.maxCpuTrainings, gpu: config.maxGpuTrainings };
  const demand = new Demand(redis.patient, limits);
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
    carryOut: new CarryOut(queues, redis.patient),
    demand,
    silent,
    store,
    logger,
    plots: config.plots,
    // The timer asks that often; half of it, so that no turn is missed by a millisecond.
    compareEveryMs: config.reconcileMs / 2,
    wakeAt: (jobId, at) => alarms.wakeAt(jobId, at),
    asked: needs.metrics.histogram(
      'onegin_ask_seconds',
      'Proposing the next trials of a study, one or several: a sampler’s work, beside the event loop.',
      SHORT_SECONDS,
    ),
  };
  const advanced = needs.metrics.histogram(
    'onegin_advance_seconds',
    'One advance of a study: from taking the request to nothing left to decide.',
    SHORT_SECONDS,
  );
  const worker = new TypedWorker(
    'studies',
    async ({ jobId }) => {
      const end = advanced.startTimer();
      await advanceStudy(jobId, parts).finally(end);
    },
    {
      redis: redis.patient,
      logger,
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
  const checks = openStallChecks(needs);
  const setGauges = gauges(needs.metrics, { studies, queues, demand });
  return {
    worker,
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
        const alive = new Set((await demand.trainers()).map(({ id }) => id));
        silent.look(studies.states(), alive);
        for (const state of studies.states()) if (silent.interruptions(state).length > 0) ask(state.jobId);
      });
      timers.every(GAUGES_INTERVAL_MS, setGauges);
      for (const check of checks)
        check.start().catch((error: unknown) => logger.error({ err: error }, 'no stall check'));
    },
    close: async () => {
      timers.close();
      alarms.close();
      asker.close();
      await Promise.all([...checks, ...Object.values(queues)].map((part) => part.close()));
    },
  };
}

function openQueues({ patient }: RedisConnections): Queues {
  return {
    studies: new TypedQueue('studies', patient),
    'trials-cpu': new TypedQueue('trials-cpu', patient),
    'trials-gpu': new TypedQueue('trials-gpu', patient),
    plots: new TypedQueue('plots', patient),
  };
}

/** For all queues: where no trainer or plotter is left, nobody else would look. */
function openStallChecks({ redis, logger, config }: OrchestratorNeeds): StallCheck[] {
  const names = Object.keys(queueMap) as QueueName[];
  return names.map(
    (name) => new StallCheck(name, { redis: redis.patient, logger, everyMs: config.stallCheckMs }),
  );
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

/** @returns sets the gauges to what holds now */
function gauges(
  metrics: Metrics,
  { studies, queues, demand }: { studies: OpenStudies; queues: Queues; demand: Demand },
): () => Promise<void> {
  const entries = metrics.gauge('onegin_queue_entries', 'Entries of a queue by state.', ['queue', 'state']);
  const slots = metrics.gauge('onegin_trainer_slots', 'Trainings the live trainers can run at once.', [
    'resource',
  ]);
  const open = metrics.gauge('onegin_studies_open', 'Studies that this process follows.');
  return async () => {
    open.set(studies.size);
    const capacity = await demand.capacity();
    for (const resource of ['cpu', 'gpu'] as const) slots.set({ resource }, capacity[resource]);
    for (const queue of [queues.studies, queues['trials-cpu'], queues['trials-gpu'], queues.plots]) {
      const depth = await queue.depth();
      for (const state of ['waiting', 'delayed', 'active'] as const)
        entries.set({ queue: queue.name, state }, depth[state]);
    }
  };
}
