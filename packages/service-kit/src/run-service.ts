/**
 * The life of a service: configuration, Redis, workers, health, and the end. What a service adds is what it does.
 *
 * Order: pages and signals first, so that a service that waits for Redis can be asked and ended; then Redis; then
 * the service's own parts (before Redis where the service answers callers of its own); then its workers take tasks.
 */
import { messageOf, OneginError, type QueueName } from '@onegin/contracts';
import { Fleet } from './fleet.ts';
import { healthPages, startHealthServer, type ExtraPages, type ReadyChecks } from './health-server.ts';
import { createLogger, type Logger, type LogLevel } from './logger.ts';
import { JobLines } from './job-lines.ts';
import { measureAppends, measureTasks, measureRedis } from './kit-metrics.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { connectRedis, type RedisConnections } from './redis-connections.ts';
import { Shutdown, endOnSignals } from './shutdown.ts';
import { StudyLog, type AppendObserver, type FleetVersion } from './study-log.ts';
import { startTracing } from './tracing.ts';
import { checkWorkers, type TaskObserver } from './typed-worker.ts';

export interface ServiceConfig {
  readonly redisUrl: string;
  readonly logLevel: LogLevel;
  readonly shutdownGraceMs: number;
  /** Absent: no traces. */
  readonly otlpEndpoint?: string | undefined;
  /** Absent: the service serves the pages itself. */
  readonly healthPort?: number;
}

/** What every service works with. */
export interface ServiceKit {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** For the service's workers. */
  readonly tasks: TaskObserver;
  readonly redis: RedisConnections;
  /** For a study log of the service's own. */
  readonly fleet: FleetVersion;
  /** Appends wait while Redis is down. */
  readonly log: StudyLog;
  /** For a study log of the service's own. */
  readonly appends: AppendObserver;
  readonly shutdown: Shutdown;
}

/** A worker, as the kit starts and ends it. */
export interface ServiceWorker {
  readonly name: QueueName;
  start(): Promise<void>;
  close(withinMs: number): Promise<void>;
}

export interface ServiceParts {
  readonly workers?: readonly ServiceWorker[];
  /** Conditions of /ready besides Redis. */
  readonly checks?: ReadyChecks;
  /** Pages besides /health, /ready and /metrics. */
  readonly pages?: ExtraPages;
}

export interface ServiceDescription<Config extends ServiceConfig> {
  readonly name: string;
  /** Reads the environment; may throw OneginError `config-invalid`. */
  readonly config: () => Config;
  /** The queues that the service works on. */
  readonly consumes: (config: Config) => readonly QueueName[];
  /** Starts the parts before Redis answers, for a service that tells its own callers of the outage. */
  readonly startsWithoutRedis?: true;
  /** Sets up the service's own parts. What it adds to `kit.shutdown` ends after the workers. */
  readonly start: (kit: ServiceKit, config: Config) => Promise<ServiceParts>;
}

/** Of the grace period, kept for what ends after the workers. */
const RESERVE_MS = 2000;
/** Exit statuses of sysexits.h, which service managers show. */
const EXIT_CONFIG = 78;
const EXIT_FAILURE = 1;

/** Runs until a signal; ends the process when the service cannot start. */
export async function runService<Config extends ServiceConfig>(
  description: ServiceDescription<Config>,
): Promise<void> {
  const config = readConfig(description);
  const lines = new JobLines();
  const logger = createLogger({
    service: description.name,
    level: config.logLevel,
    also: (line) => lines.take(line),
  });
  const shutdown = new Shutdown(logger, config.shutdownGraceMs);
  const fail = (error: unknown): void => {
    // Between start and ready the end is the answer to a signal, not a failure.
    if (shutdown.signal.aborted) return;
    const shown = error instanceof OneginError && error.code !== 'internal' ? {} : { err: error };
    logger.fatal(shown, messageOf(error));
    void shutdown.end('failure').then(() => process.exit(EXIT_FAILURE));
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  endOnSignals(shutdown, { graceMs: config.shutdownGraceMs, logger });
  try {
    await start(description, config, logger, shutdown, lines);
  } catch (error) {
    fail(error);
  }
}

function readConfig<Config extends ServiceConfig>({ name, config }: ServiceDescription<Config>): Config {
  try {
    return config();
  } catch (error) {
    console.error(`${name} cannot start: ${messageOf(error)}`);
    process.exit(EXIT_CONFIG);
  }
}

async function start<Config extends ServiceConfig>(
  description: ServiceDescription<Config>,
  config: Config,
  logger: Logger,
  shutdown: Shutdown,
  lines: JobLines,
): Promise<void> {
  const { name } = description;
  const consumes = description.consumes(config);
  const traces = await startTracing(name, config.otlpEndpoint);
  shutdown.add('traces', () => traces.close());
  const metrics = createMetrics(name);
  const redis = connectRedis(config.redisUrl, { name, logger });
  const measuredRedis = measureRedis(metrics, () => redis.isReachable());
  const tasks = measureTasks(metrics, consumes);
  shutdown.add('redis', () => redis.close());
  lines.sendTo(redis.failFast);
  shutdown.add('job lines', () => lines.flush());

  let checks: ReadyChecks = { started: () => false };
  let extra: ExtraPages = {};
  const pages = healthPages({
    service: name,
    checks: () => ({ redis: () => redis.isReachable(), ...checks }),
    metrics,
  });
  if (config.healthPort !== undefined) {
    const server = await startHealthServer(pages, config.healthPort, () => extra);
    logger.info({ port: server.port }, 'health, readiness and metrics');
    shutdown.add('health', () => server.close());
  }
  if (!description.startsWithoutRedis) await redis.ready(shutdown.signal);
  const onWait = (reason: string): void => {
    measuredRedis.wasFull();
    logger.warn({ reason }, 'Redis is full; waiting until it takes writes again');
  };
  const fleet = new Fleet(redis.failFast, name);
  const joined = fleet.join();
  if (!description.startsWithoutRedis) await joined;
  shutdown.add('fleet', () => fleet.leave());
  const appends = measureAppends(metrics);
  const log = new StudyLog(redis.blocking, {
    fleet,
    whileFull: { onWait, signal: shutdown.signal },
    observer: appends,
  });
  const kit = { logger, metrics, tasks, redis, fleet, log, appends, shutdown };
  const parts = await description.start(kit, config);
  if (description.startsWithoutRedis) await redis.ready(shutdown.signal);
  const workers = parts.workers ?? [];
  checkWorkers(consumes, workers);
  shutdown.add('workers', async (withinMs) => {
    const reserve = Math.min(RESERVE_MS, withinMs / 2);
    await Promise.all(workers.map((worker) => worker.close(withinMs - reserve)));
  });
  await Promise.all(workers.map((worker) => worker.start()));
  checks = parts.checks ?? {};
  extra = parts.pages ?? {};
  logger.info({ consumes }, 'ready');
}
