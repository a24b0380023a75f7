/** The trainer: takes trials from its queue and trains them, one at a time. */
import { artifactOperations, createArtifactStore, observedStore } from '@onegin/artifacts';
import { trialQueue } from '@onegin/contracts';
import {
  artifactStoreConfig,
  measureArtifacts,
  removeHeartbeat,
  runService,
  Subscriptions,
  TypedQueue,
  TypedWorker,
  writeHeartbeat,
} from '@onegin/service-kit';
import { ChildPool } from './child-pool.ts';
import { trainerConfig } from './config.ts';
import { processTrialJob, type TrainerParts } from './process-trial-job.ts';
import { trainerMetrics } from './trainer-metrics.ts';
import { Vitals } from './vitals.ts';

const config = trainerConfig();
const queue = trialQueue(config.resource);

await runService({
  name: 'trainer',
  config: () => config,
  consumes: [queue],
  start: async (kit) => {
    const vitals = new Vitals(config);
    const children = new ChildPool(config, kit.logger);
    const parts: TrainerParts = {
      kit: { ...kit, logger: kit.logger.child({ trainer: config.trainerId }) },
      studies: new TypedQueue('studies', kit.redis.patient),
      subscriptions: new Subscriptions(kit.redis.open('subscriptions')),
      store: observedStore(
        await createArtifactStore(artifactStoreConfig(config)),
        measureArtifacts(kit.metrics, artifactOperations),
      ),
      children,
      vitals,
      trainerId: config.trainerId,
      measures: trainerMetrics(kit.metrics, () => vitals.heartbeat(children.engine)),
    };

    const beat = () =>
      writeHeartbeat(kit.redis.requests, vitals.heartbeat(children.engine)).catch(() => undefined);
    await beat();
    const beats = setInterval(() => void beat(), config.heartbeatMs);

    const worker = new TypedWorker(
      queue,
      async (job, entry) => {
        try {
          await processTrialJob(job, entry, parts);
        } finally {
          if (vitals.withdrawn) {
            parts.kit.logger.error('too many trials failed here in a row; this trainer takes no more');
            await worker.pause();
          }
          void beat();
        }
      },
      {
        redis: kit.redis.open('worker'),
        logger: kit.logger,
        observer: kit.entries,
        lockMs: config.lockMs,
      },
    );
    kit.shutdown.signal.addEventListener('abort', () => {
      vitals.drain();
      void beat();
    });
    kit.shutdown.add('training process', async () => {
      clearInterval(beats);
      children.close();
      await removeHeartbeat(kit.redis.requests, config.trainerId);
    });
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
