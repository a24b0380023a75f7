/** The gateway: the API, the web UI and live events. It listens before Redis answers, and says so to its callers. */
import { artifactOperations, createArtifactStore, observedStore } from '@onegin/artifacts';
import {
  artifactStoreConfig,
  measureArtifacts,
  runService,
  StudyLog,
  type Logger,
} from '@onegin/service-kit';
import packageJson from '../package.json' with { type: 'json' };
import { accessSettings, type AccessSettings } from './access/access-settings.ts';
import { gatewayConfig, siteOf } from './config.ts';
import { datasetsOf } from './datasets.ts';
import { createGateway } from './gateway.ts';
import { findWebUi } from './web/web-ui.ts';

await runService({
  name: 'gateway',
  config: () => gatewayConfig(),
  consumes: () => [],
  startsWithoutRedis: true,
  start: async ({ redis, fleet, logger, metrics, appends, shutdown }, config) => {
    const { host, allowedOrigins } = config;
    const access = accessSettings(config);
    const gateway = createGateway({
      redis,
      log: new StudyLog(redis.failFast, { observer: appends, fleet }),
      artifacts: observedStore(
        await createArtifactStore(artifactStoreConfig(config)),
        measureArtifacts(metrics, artifactOperations),
      ),
      logger,
      metrics,
      datasets: datasetsOf(config.datasetsDir, logger),
      version: packageJson.version,
      webDir: findWebUi(config.webDir),
      allowedOrigins,
      site: siteOf(config),
      access,
    });
    const port = await gateway.listen(config.port, host);
    shutdown.add('gateway', (withinMs) => gateway.close('the gateway is shutting down', withinMs));
    logger.info({ port, host, address: `http://${host}:${port}` }, 'listening');
    logAccess(access, host, logger);
    return {};
  },
});

function logAccess({ mode, adminKey, onlyThisMachine }: AccessSettings, host: string, logger: Logger): void {
  if (mode === 'open' && !onlyThisMachine)
    logger.warn({ host }, 'AUTH=off: anyone who can reach this address may do anything');
  else if (mode === 'keys' && adminKey === null)
    logger.info('keys are required; `onegin keys create --redis` makes the first, or set ONEGIN_ADMIN_KEY');
}
