/** The plotter: takes sets of charts from its queue and renders them, one set at a time. */
import { artifactOperations, createArtifactStore, observedStore } from '@onegin/artifacts';
import {
  artifactStoreConfig,
  measureArtifacts,
  runService,
  Subscriptions,
  TypedQueue,
  TypedWorker,
} from '@onegin/service-kit';
import { plotterConfig } from './config.ts';
import { drawingPool } from './drawing-peer.ts';
import { plotterMetrics } from './plotter-metrics.ts';
import { processPlotJob, type PlotterParts } from './process-plot-job.ts';

await runService({
  name: 'plotter',
  config: () => plotterConfig(),
  consumes: () => ['plots'],
  start: async (kit, config) => {
    const drawings = drawingPool(config, kit.logger);
    const measures = plotterMetrics(kit.metrics);
    const parts: PlotterParts = {
      kit,
      config,
      drawings,
      studies: new TypedQueue('studies', kit.redis.blocking),
      subscriptions: new Subscriptions(kit.redis.open('subscriptions')),
      store: observedStore(
        await createArtifactStore(artifactStoreConfig(config)),
        measureArtifacts(kit.metrics, artifactOperations),
      ),
      measures,
    };
    const worker = new TypedWorker('plots', (job, task) => processPlotJob(job, task, parts), {
      redis: kit.redis.open('worker'),
      logger: kit.logger,
      observer: kit.tasks,
      lockMs: config.lockMs,
    });
    kit.shutdown.add('drawing process', () => drawings.close());
    return {
      workers: [worker],
      checks: {
        storage: () => parts.store.probe().then(() => true),
      },
    };
  },
});
