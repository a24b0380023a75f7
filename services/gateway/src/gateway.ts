/** A gateway: the API, the web UI and live events on one port. Any number of them may run side by side. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Redis } from 'ioredis';
import { artifactOperations, observedStore, type ArtifactStore } from '@onegin/artifacts';
import { emptySite, OneginError, type DatasetListing, type Site } from '@onegin/contracts';
import {
  ApiKeys,
  listen,
  listHeartbeats,
  measureAppends,
  measureArtifacts,
  measureRedis,
  requestAdvance,
  StudyLog,
  TypedQueue,
  type Logger,
  type Metrics,
  type RedisConnections,
} from '@onegin/service-kit';
import { openAccess, type AccessSettings } from './access/access-settings.ts';
import { clientReader } from './access/client.ts';
import { Door } from './access/door.ts';
import { Gatekeeper } from './access/gatekeeper.ts';
import { PublicJobs } from './access/public-jobs.ts';
import { RateLimits } from './access/rate-limits.ts';
import { Sessions } from './access/sessions.ts';
import { createApp } from './app.ts';
import { gatewayMetrics } from './gateway-metrics.ts';
import type { GatewayParts } from './gateway-parts.ts';
import { Archive } from './jobs/archive.ts';
import { AnalysisThread } from './jobs/analysis.ts';
import { JobList } from './jobs/job-list.ts';
import { JobSignals } from './jobs/job-signals.ts';
import { Studies } from './jobs/studies.ts';
import { LiveServer } from './live/live-server.ts';

export interface GatewaySetup {
  readonly redis: Pick<RedisConnections, 'failFast' | 'open' | 'isReachable'>;
  readonly artifacts: ArtifactStore;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly datasets: () => Promise<readonly DatasetListing[]>;
  readonly version: string;
  /** Where the built web UI lies; null: there is none. */
  readonly webDir: string | null;
  readonly allowedOrigins?: readonly string[];
  /** What the web UI is told of this installation; nothing when absent. */
  readonly site?: Site;
  /** Who is let in; everybody when absent. */
  readonly access?: AccessSettings;
  /** In tests: every answer is checked against the schema that documents it. */
  readonly checkAnswers?: boolean;
}

export interface Gateway {
  /** @returns the port. @throws OneginError `port-in-use` */
  listen(port: number, host: string): Promise<number>;
  /** Lets requests end and tells the clients that watch; connections that stay are cut after a while. */
  close(reason: string, withinMs?: number): Promise<void>;
}

const CLOSE_WITHIN_MS = 5000;

export function createGateway(setup: GatewaySetup): Gateway {
  let ending = false;
  const metrics = gatewayMetrics(setup.metrics);
  const signals = setup.redis.open('signals');
  const parts = gatewayParts(setup, signals, () => ending);
  const server = createServer(createApp(parts, { metrics, webDir: setup.webDir }));
  const live = new LiveServer(server, parts, metrics, signals);
  return {
    async listen(port, host) {
      await listen(server, port, host);
      return (server.address() as AddressInfo).port;
    },
    async close(reason, withinMs = CLOSE_WITHIN_MS) {
      ending = true;
      live.close(reason);
      await closeServer(server, withinMs);
      parts.analysis.close();
    },
  };
}

function gatewayParts(setup: GatewaySetup, signalsRedis: Redis, isEnding: () => boolean): GatewayParts {
  const { redis, logger, metrics } = setup;
  measureRedis(metrics, () => redis.isReachable());
  const artifacts = observedStore(setup.artifacts, measureArtifacts(metrics, artifactOperations));
  const log = new StudyLog(redis.failFast, { observer: measureAppends(metrics) });
  const advances = new TypedQueue('studies', redis.failFast);
  const signals = new JobSignals(signalsRedis);
  const archive = new Archive(artifacts);
  const studies = new Studies(log, signals, archive);
  return {
    ...accessParts(setup),
    redis: redis.failFast,
    log,
    studies,
    signals,
    archive,
    artifacts,
    analysis: new AnalysisThread(),
    logger,
    jobList: new JobList(redis.failFast, studies, archive),
    version: setup.version,
    allowedOrigins: setup.allowedOrigins ?? [],
    site: setup.site ?? emptySite,
    checkAnswers: setup.checkAnswers ?? false,
    datasets: setup.datasets,
    trainers: () => listHeartbeats(redis.failFast),
    requestAdvance: (jobId) => requestAdvance(advances, jobId),
    async checkReady() {
      if (isEnding()) throw new OneginError('shutting-down', 'the gateway is shutting down');
      if (!(await redis.isReachable()))
        throw new OneginError('redis-unavailable', 'Redis cannot be reached at the moment');
    },
    metrics: () => metrics.scrape(),
  };
}

function accessParts({ redis: { failFast }, logger, access = openAccess }: GatewaySetup) {
  const keys = new ApiKeys(failFast);
  const sessions = new Sessions(failFast);
  const publicJobs = new PublicJobs(failFast);
  const gatekeeper = new Gatekeeper(access, { keys, sessions, publicJobs }, logger);
  const limits = new RateLimits(failFast, {
    requests: access.requestsPerMinute,
    changes: access.changesPerMinute,
  });
  const door = new Door(gatekeeper, limits, clientReader(access.trustedProxies));
  return { keys, sessions, publicJobs, gatekeeper, door };
}

function closeServer(server: Server, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), withinMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
