/** The plotter: takes sets of charts from its queue and renders them, one set at a time. */
import { createArtifactStore } from '@onegin/artifacts';
import { artifactStoreConfig, runService, SHORT_SECONDS, TypedQueue, TypedWorker } from '@onegin/service-kit';
import { plotterConfig } from './config.ts';
import { DrawingPool } from './drawing-pool.ts';
import { processPlotJob, type PlotterParts } from './process-plot-job.ts';

await runService({
  name: 'plotter',
  config: () => plotterConfig(),
  consumes: ['plots'],
  start: async (kit, config) => {
    const drawings = new DrawingPool(config, kit.logger);
    const rendered = kit.metrics.histogram(
      'onegin_plots_seconds',
      'Time from taking a set of charts to letting go of it.',
      SHORT_SECONDS,
      ['outcome'],
    );
    const parts: PlotterParts = {
      kit,
      config,
      drawings,
      studies: new TypedQueue('studies', kit.redis.patient),
      store: await createArtifactStore(artifactStoreConfig(config)),
      observe: (outcome, seconds) => rendered.observe({ outcome }, seconds),
    };
    const worker = new TypedWorker('plots', (job, entry) => processPlotJob(job, entry, parts), {
      redis: kit.redis.open('worker'),
      logger: kit.logger,
      lockMs: config.lockMs,
    });
    kit.shutdown.add('drawing process', () => drawings.close());
    return {
      workers: [worker],
      checks: {
        storage: () =>
          parts.store.probe().then(
            () => true,
            () => false,
          ),
      },
    };
  },
});
