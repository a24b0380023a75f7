/** The orchestrator: holds the studies and decides what is trained next. Any number of replicas may run. */
import { artifactOperations, createArtifactStore, observedStore } from '@onegin/artifacts';
import { artifactStoreConfig, measureArtifacts, runService } from '@onegin/service-kit';
import { inheritedEnvironment, orchestratorConfig } from './config.ts';
import { DeletionCost } from './deletion-cost.ts';
import { podAnnotator } from './kubernetes-pods.ts';
import { localTrainers } from './local-trainer.ts';
import { createOrchestrator } from './orchestrator.ts';
import { scalePage } from './scale-page.ts';

await runService({
  name: 'orchestrator',
  config: () => orchestratorConfig(),
  consumes: () => ['studies'],
  start: async ({ redis, log, logger, metrics, tasks, shutdown }, config) => {
    const store = observedStore(
      await createArtifactStore(artifactStoreConfig(config)),
      measureArtifacts(metrics, artifactOperations),
    );
    const annotate = podAnnotator({
      host: config.apiServerHost,
      port: config.apiServerPort,
      namespace: config.podNamespace,
      credentialsDir: config.credentialsDir,
    });
    const deletionCost = config.deletionCost ? new DeletionCost(annotate, logger) : undefined;
    const startTrainer = localTrainers(inheritedEnvironment(), logger);
    const needs = { redis, log, store, logger, metrics, tasks, config, startTrainer, deletionCost };
    const orchestrator = createOrchestrator(needs);
    shutdown.add('orchestrator', () => orchestrator.close());
    orchestrator.start();
    return {
      workers: [orchestrator.worker],
      pages: { '/scale': (query) => scalePage(query, () => orchestrator.demand()) },
    };
  },
});
