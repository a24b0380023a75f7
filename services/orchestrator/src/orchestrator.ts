/** Assembles the orchestrator: the worker that advances studies, the periodic work, the stall checks. */
import type { ArtifactStore } from '@onegin/artifacts';
import { queues as queueMap, type QueueName } from '@onegin/contracts';
import { requestAdvance, StallCheck, StudyLog, TypedQueue, TypedWorker } from '@onegin/service-kit';
import type { TaskObserver, Logger, Metrics, RedisConnections, Redis } from '@onegin/service-kit';
import { advanceStudy, type AdvanceParts } from './advance-study.ts';
import { Alarms } from './alarms.ts';
import { Effects, type Queues } from './effects.ts';
import type { OrchestratorConfig } from './config.ts';
import { Demand, type Capacity, type Limits } from './demand.ts';
import type { DeletionCost } from './deletion-cost.ts';
import { Gauges } from './gauges.ts';
import { LocalFallback } from './local-fallback.ts';
import type { StartLocalTrainer } from './local-trainer.ts';
import { OpenStudies } from './open-studies.ts';
import { orchestratorMetrics, type OrchestratorMetrics } from './orchestrator-metrics.ts';
import { startPeriodicWork, type PeriodicWork } from './periodic-work.ts';
import { Reconcile } from './reconcile.ts';
import { keepRetention, retentionRule } from './retention.ts';
import { LostTrainers } from './lost-trainers.ts';
import { SamplerPool } from './sampling/sampler-pool.ts';
import { DemandReader, type TrainingDemand } from './training-demand.ts';

export interface OrchestratorNeeds {
  readonly redis: RedisConnections;
  readonly log: StudyLog;
  readonly store: ArtifactStore;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly tasks?: TaskObserver;
  /** Only in Kubernetes. */
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
  /** What an autoscaler reads. */
  demand(): Promise<TrainingDemand>;
  /** Starts the periodic work and the stall checks. */
  start(): void;
  close(): Promise<void>;
}

/** Studies that one process advances at once: they share a core and spend most of their time waiting for Redis. */
const STUDIES_AT_ONCE = 16;
/** How often the orchestrator checks which trainers came and went. */
const TRAINERS_INTERVAL_MS = 1000;
const GAUGES_INTERVAL_MS = 5000;
const RETENTION_INTERVAL_MS = 3_600_000;
const MIN_LOCK_MS = 1000;

export function createOrchestrator(needs: OrchestratorNeeds): Orchestrator {
  const { redis, log, store, logger, config } = needs;
  const metrics = orchestratorMetrics(needs.metrics);
  const limits: Limits = { cpu: config.maxCpuTrainings, gpu: config.maxGpuTrainings };
  const queues = openQueues(redis.blocking);
  const demand = new Demand(redis.blocking, limits);
  const samplers = new SamplerPool();
  const studies = new OpenStudies(log, samplers);
  const lostTrainers = new LostTrainers();
  const advance = (jobId: string) => {
    requestAdvance(queues.studies, jobId).catch((error: unknown) =>
      logger.warn({ err: error, jobId }, 'an advance could not be requested; reconciling will request it'),
    );
  };
  const alarms = new Alarms(advance);
  const worker = advanceWorker(needs, metrics, {
    log,
    studies,
    queues,
    effects: new Effects(queues, redis.blocking),
    demand,
    lostTrainers,
    store,
    logger,
    plots: config.plots,
    // Half the interval at which advances are requested, so that none of them comes a millisecond too early.
    compareEveryMs: config.reconcileMs / 2,
    wakeAt: (jobId, at) => alarms.wakeAt(jobId, at),
    leave: onceEach((jobId, { message }) => logger.warn({ jobId }, message)),
    asked: metrics.asked,
  });
  // An autoscaler gives up after seconds: its reads fail rather than block.
  const scalingQueues = openQueues(redis.failFast);
  const scaling = new DemandReader(new StudyLog(redis.failFast), scalingQueues, limits);
  const stallChecks = openStallChecks(needs, metrics.stalled);
  const fallbacks = openFallbacks(needs);
  const parts = { metrics, limits, queues, demand, studies, lostTrainers, advance, scaling, fallbacks };
  const work = periodicWork(needs, parts);
  let stopWork: () => void = () => undefined;
  return {
    worker,
    demand: () => scaling.read(),
    start: () => {
      stopWork = startPeriodicWork(work, logger);
      for (const check of stallChecks)
        check.start().catch((error: unknown) => logger.error({ err: error }, 'no stall check'));
    },
    close: async () => {
      stopWork();
      alarms.close();
      samplers.close();
      const open = [fallbacks, stallChecks, Object.values(queues), Object.values(scalingQueues)].flat();
      await Promise.all(open.map((part) => part.close()));
    },
  };
}

function advanceWorker(
  { redis, logger, tasks, config }: OrchestratorNeeds,
  { advances }: OrchestratorMetrics,
  parts: AdvanceParts,
): TypedWorker<'studies'> {
  return new TypedWorker(
    'studies',
    async ({ jobId }) => {
      const end = advances.startTimer();
      await advanceStudy(jobId, parts).finally(end);
    },
    {
      redis: redis.blocking,
      logger,
      ...(tasks && { observer: tasks }),
      concurrency: STUDIES_AT_ONCE,
      // Short: two advances at once do no harm, and a study whose orchestrator died should not wait long.
      lockMs: Math.max(MIN_LOCK_MS, config.stallCheckMs),
    },
  );
}

interface PeriodicParts {
  readonly metrics: OrchestratorMetrics;
  readonly limits: Limits;
  readonly queues: Queues;
  readonly demand: Demand;
  readonly studies: OpenStudies;
  readonly lostTrainers: LostTrainers;
  /** Requests an advance of a study. */
  readonly advance: (jobId: string) => void;
  readonly scaling: DemandReader;
  readonly fallbacks: readonly LocalFallback[];
}

function periodicWork(needs: OrchestratorNeeds, parts: PeriodicParts): PeriodicWork[] {
  const { redis, log, store, logger, config, deletionCost } = needs;
  const { metrics, limits, queues, demand, studies, lostTrainers, advance, scaling, fallbacks } = parts;
  const { retentionMs } = config;
  const reconcile = new Reconcile({ log, queue: queues.studies, store, logger, retentionMs });
  const sources = { studies, queues, log, redis: redis.blocking, reconcile, demand: scaling };
  const gauges = new Gauges(metrics, sources);
  const advanceAll = () => studies.states().forEach(({ jobId }) => advance(jobId));
  const everySecond = (name: string, run: () => Promise<unknown>): PeriodicWork => ({
    name,
    everyMs: TRAINERS_INTERVAL_MS,
    run,
  });
  const work: PeriodicWork[] = [
    {
      name: 'reconcile',
      everyMs: config.reconcileMs,
      run: async () => {
        await queues['trials-cpu'].limit(limits.cpu ?? null);
        await queues['trials-gpu'].limit(limits.gpu ?? null);
        await reconcile.run();
        await demand.sweep((jobIds) => log.jobStatuses(jobIds));
      },
    },
    everySecond('trainer shares', whenSharesGrow(demand, advanceAll)),
    everySecond('lost trainers', async () => {
      const trainers = await demand.trainers();
      lostTrainers.update(studies.states(), new Set(trainers.map(({ id }) => id)));
      for (const state of studies.states())
        if (lostTrainers.interruptions(state).length > 0) advance(state.jobId);
    }),
    ...fallbacks.map((fallback) =>
      everySecond('local fallback', async () => fallback.look(studies.states(), await demand.trainers())),
    ),
    { name: 'gauges', everyMs: GAUGES_INTERVAL_MS, run: () => gauges.set() },
  ];
  if (deletionCost)
    work.push(everySecond('pod deletion cost', async () => deletionCost.follow(await demand.trainers())));
  const rule = retentionRule(config);
  if (rule)
    work.push({
      name: 'retention',
      everyMs: RETENTION_INTERVAL_MS,
      run: () => keepRetention(rule, { log, store, logger }),
    });
  return work;
}

/** People are told once of each study that waits for a newer orchestrator, however often this one looks at it. */
function onceEach(tell: AdvanceParts['leave']): AdvanceParts['leave'] {
  const told = new Set<string>();
  return (jobId, why) => {
    if (!told.has(jobId)) tell(jobId, why);
    told.add(jobId);
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

/** For all queues: where no trainer or plotter is left, nothing else would find a stalled task. */
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

/** Calls when trainers were added or other jobs share them, since more trials may be able to start. */
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
