#!/usr/bin/env node
/** Runs the gateway until a signal. It listens before Redis answers: until then, requests are told so. */
import { createArtifactStore } from '@onegin/artifacts';
import { OneginError } from '@onegin/contracts';
import {
  artifactStoreConfig,
  connectRedis,
  createLogger,
  createMetrics,
  endOnSignals,
  JobLines,
  Shutdown,
  type Logger,
  startTracing,
} from '@onegin/service-kit';
import packageJson from '../package.json' with { type: 'json' };
import type { AccessSettings } from './access/access-settings.ts';
import { accessSettings } from './access/read-access.ts';
import { readConfig, siteOf } from './config.ts';
import { datasetsOf } from './datasets.ts';
import { createGateway } from './gateway.ts';
import { findWebUi } from './web/web-ui.ts';

const NAME = 'gateway';

async function main(): Promise<void> {
  const config = readConfig();
  const access = accessSettings(config);
  const lines = new JobLines();
  const logger = createLogger({ service: NAME, level: config.logLevel, also: (line) => lines.take(line) });
  const shutdown = new Shutdown(logger, config.shutdownGraceMs);
  endOnSignals(shutdown, { graceMs: config.shutdownGraceMs, logger });
  const traces = await startTracing(NAME, config.otlpEndpoint);
  shutdown.add('traces', () => traces.close());
  const artifacts = await createArtifactStore(artifactStoreConfig(config));
  const redis = connectRedis(config.redisUrl, { name: NAME, logger });
  shutdown.add('redis', () => redis.close());
  lines.sendTo(redis.failFast);
  shutdown.add('job lines', () => lines.flush());
  const gateway = createGateway({
    redis,
    artifacts,
    logger,
    metrics: createMetrics(NAME),
    datasets: datasetsOf(config.datasetsDir, logger),
    version: packageJson.version,
    webDir: findWebUi(config.webDir),
    allowedOrigins: config.allowedOrigins,
    site: siteOf(config),
    access,
  });
  const port = await gateway.listen(config.port, config.host);
  shutdown.add('gateway', (withinMs) => gateway.close('the gateway is shutting down', withinMs));
  logger.info({ port, host: config.host, address: `http://${config.host}:${port}` }, 'ready');
  sayWhoIsLetIn(access, config.host, logger);
}

function sayWhoIsLetIn(
  { mode, adminKey, onlyThisMachine }: AccessSettings,
  host: string,
  logger: Logger,
): void {
  if (mode === 'open' && !onlyThisMachine)
    logger.warn({ host }, 'AUTH=off: whoever reaches this address may do everything');
  else if (mode === 'keys' && adminKey === null)
    logger.info('keys are required; `onegin keys create --redis` makes the first, or set ONEGIN_ADMIN_KEY');
}

main().catch((error: unknown) => {
  const known = error instanceof OneginError && error.code !== 'internal';
  console.error(known ? `${NAME} cannot start: ${error.message}` : error);
  process.exit(1);
});
