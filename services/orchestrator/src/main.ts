/** The orchestrator: holds the studies and says what is trained next. Any number may run. */
import { artifactOperations, createArtifactStore, observedStore } from '@onegin/artifacts';
import { artifactStoreConfig, measureArtifacts, runService } from '@onegin/service-kit';
import { orchestratorConfig } from './config.ts';
import { createOrchestrator } from './orchestrator.ts';
import { scalePage } from './scale-page.ts';

await runService({
  name: 'orchestrator',
  config: () => orchestratorConfig(),
  consumes: ['studies'],
  start: async ({ redis, log, logger, metrics, entries, shutdown }, config) => {
    const store = observedStore(
      await createArtifactStore(artifactStoreConfig(config)),
      measureArtifacts(metrics, artifactOperations),
    );
    const orchestrator = createOrchestrator({ redis, log, store, logger, metrics, entries, config });
    shutdown.add('orchestrator', () => orchestrator.close());
    orchestrator.start();
    return {
      workers: [orchestrator.worker],
      pages: { '/scale': (query) => scalePage(query, () => orchestrator.demand()) },
    };
  },
});
