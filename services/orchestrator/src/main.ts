/** The orchestrator: holds the studies and says what is trained next. Any number may run. */
import { createArtifactStore } from '@onegin/artifacts';
import { artifactStoreConfig, runService } from '@onegin/service-kit';
import { inheritedEnvironment, orchestratorConfig } from './config.ts';
import { localTrainers } from './local-trainer.ts';
import { createOrchestrator } from './orchestrator.ts';

await runService({
  name: 'orchestrator',
  config: () => orchestratorConfig(),
  consumes: ['studies'],
  start: async ({ redis, log, logger, metrics, shutdown }, config) => {
    const store = await createArtifactStore(artifactStoreConfig(config));
    const startTrainer = localTrainers(inheritedEnvironment(), logger);
    const orchestrator = createOrchestrator({ redis, log, store, logger, metrics, config, startTrainer });
    shutdown.add('orchestrator', () => orchestrator.close());
    orchestrator.start();
    return { workers: [orchestrator.worker] };
  },
});
