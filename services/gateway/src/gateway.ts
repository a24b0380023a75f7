/** A gateway: the API, the web UI and live events on one port. Any number of them may run side by side. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ArtifactStore } from '@onegin/artifacts';
import { emptySite, OneginError, type Site } from '@onegin/contracts';
import {
  ApiKeys,
  listen,
  listHeartbeats,
  requestAdvance,
  TypedQueue,
  type Logger,
  type Metrics,
  type RedisConnections,
  type StudyLog,
} from '@onegin/service-kit';
import { openAccess, type AccessSettings } from './access/access-settings.ts';
import { Authenticator } from './access/authenticator.ts';
import { Authorizer } from './access/authorizer.ts';
import { clientReader } from './access/client.ts';
import { PublicJobs } from './access/public-jobs.ts';
import { RateLimits } from './access/rate-limits.ts';
import { Sessions } from './access/sessions.ts';
import { bindRoutes } from './api/route.ts';
import { createApp } from './app.ts';
import type { Datasets } from './datasets.ts';
import { gatewayMetrics } from './gateway-metrics.ts';
import { AnalysisThread } from './jobs/analysis.ts';
import { Archive } from './jobs/archive.ts';
import { JobList } from './jobs/job-list.ts';
import { JobSignals } from './jobs/job-signals.ts';
import { Studies } from './jobs/studies.ts';
import { LiveServer } from './live/live-server.ts';
import { routeGroups } from './routes/index.ts';

export interface GatewaySetup {
  readonly redis: Pick<RedisConnections, 'failFast' | 'open' | 'isReachable'>;
  /** On a connection that fails fast: nobody waits for an append longer than for a request. */
  readonly log: StudyLog;
  readonly artifacts: ArtifactStore;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly datasets: Datasets;
  readonly version: string;
  /** Where the built web UI is; null: there is none. */
  readonly webDir: string | null;
  /** Origins of other sites whose pages may call, `https://example.org`. */
  readonly allowedOrigins?: readonly string[];
  /** What the web UI says about this installation; nothing when absent. */
  readonly site?: Site;
  /** Who may call; anyone when absent. */
  readonly access?: AccessSettings;
  /** In tests: every answer is checked against the schema that documents it. */
  readonly checkAnswers?: boolean;
}

export interface Gateway {
  /** @returns the port. @throws OneginError `port-in-use` */
  listen(port: number, host: string): Promise<number>;
  /** Lets requests finish and notifies live clients; connections that stay are closed after a while. */
  close(reason: string, withinMs?: number): Promise<void>;
}

const CLOSE_WITHIN_MS = 5000;

/** The composition root: everything is created here and given what it works with. */
export function createGateway(setup: GatewaySetup): Gateway {
  const { log, artifacts, logger, datasets, version, webDir } = setup;
  const { allowedOrigins = [], site = emptySite, access = openAccess, checkAnswers = false } = setup;
  const redis = setup.redis.failFast;
  const subscriptions = setup.redis.open('signals');
  const metrics = gatewayMetrics(setup.metrics);

  const keys = new ApiKeys(redis);
  const sessions = new Sessions(redis);
  const publicJobs = new PublicJobs(redis);
  const authenticator = new Authenticator(access, { keys, sessions, publicJobs }, logger);
  const limits = new RateLimits(redis, {
    requests: access.requestsPerMinute,
    changes: access.changesPerMinute,
  });
  const authorizer = new Authorizer(authenticator, limits, clientReader(access.trustedProxies));

  const signals = new JobSignals(subscriptions);
  const archive = new Archive(artifacts);
  const studies = new Studies(log, signals, archive);
  const jobList = new JobList(redis, studies, archive);
  const analysis = new AnalysisThread();
  const trainers = () => listHeartbeats(redis);
  const advances = new TypedQueue('studies', redis);

  let closing = false;
  const routes = bindRoutes(routeGroups, {
    jobs: {
      studies,
      jobList,
      log,
      archive,
      redis,
      datasets,
      logger,
      requestAdvance: (jobId) =>
        requestAdvance(advances, jobId).catch((error: unknown) =>
          logger.warn({ err: error, jobId }, 'the orchestrator could not be notified'),
        ),
    },
    retention: { artifacts, log, publicJobs, archive, studies, logger },
    lines: { studies, redis },
    analysis: { studies, analysis },
    trials: { studies, artifacts, datasets, logger },
    models: { studies, artifacts, logger },
    catalogue: { datasets, trainers },
    access: { authenticator, authorizer, access, keys, sessions, publicJobs, studies, logger },
    service: {
      version,
      site,
      metrics: setup.metrics,
      async checkReady() {
        if (closing) throw new OneginError('shutting-down', 'the gateway is shutting down');
        if (!(await setup.redis.isReachable()))
          throw new OneginError('redis-unavailable', 'Redis cannot be reached at the moment');
      },
    },
    documentation: { version },
  });
  const common = { authorizer, access, allowedOrigins, metrics, logger };
  const server = createServer(createApp(routes, { ...common, checkAnswers, webDir }));
  const sources = { studies, jobList, signals, trainers, subscriptions };
  const live = new LiveServer(server, { ...common, ...sources, authenticator });
  return {
    async listen(port, host) {
      await listen(server, port, host);
      return (server.address() as AddressInfo).port;
    },
    async close(reason, withinMs = CLOSE_WITHIN_MS) {
      closing = true;
      live.close(reason);
      await closeServer(server, withinMs);
      analysis.close();
    },
  };
}

function closeServer(server: Server, withinMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timeout = setTimeout(() => server.closeAllConnections(), withinMs);
    server.close(() => {
      clearTimeout(timeout);
      resolve();
    });
    server.closeIdleConnections();
  });
}
