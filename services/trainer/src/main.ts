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
import { PassedOn } from './faster-first.ts';
import { Leaving } from './leaving.ts';
import { processTrialJob, type TrainerParts } from './process-trial-job.ts';
import { trainerMetrics } from './trainer-metrics.ts';
import { Vitals } from './vitals.ts';

const config = trainerConfig();
const queue = trialQueue(config.resource);
/** Of the grace period, for what ends after the hand-back. */
const GRACE_RESERVE_MS = 4000;

await runService({
  name: 'trainer',
  config: () => config,
  consumes: [queue],
  start: async (kit) => {
    const vitals = new Vitals(config);
    const children = new ChildPool(config, kit.logger);
    const beat = (): Promise<void> =>
      writeHeartbeat(kit.redis.failFast, vitals.heartbeat(children.engine)).catch(() => undefined);
    const parts: TrainerParts = {
      kit: { ...kit, logger: kit.logger.child({ trainer: config.trainerId }) },
      studies: new TypedQueue('studies', kit.redis.blocking),
      subscriptions: new Subscriptions(kit.redis.open('subscriptions')),
      store: observedStore(
        await createArtifactStore(artifactStoreConfig(config)),
        measureArtifacts(kit.metrics, artifactOperations),
      ),
      children,
      vitals,
      trainerId: config.trainerId,
      queue: new TypedQueue(queue, kit.redis.failFast),
      passedOn: new PassedOn(),
      beat: () => void beat(),
      measures: trainerMetrics(kit.metrics, () => vitals.heartbeat(children.engine)),
      limits: {
        storagePatienceMs: config.storagePatienceMs,
        handBackMs: Math.max(config.shutdownGraceMs - GRACE_RESERVE_MS, config.shutdownGraceMs / 2),
      },
    };

    await beat();
    const beats = setInterval(() => void beat(), config.heartbeatMs);

    const worker = new TypedWorker(
      queue,
      async (job, entry) => {
        leaving.entryBegan();
        try {
          await processTrialJob(job, entry, parts);
        } finally {
          leaving.entryEnded();
          if (vitals.withdrawal.withdrawn) withdraw();
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
    const leaving = new Leaving({ kit: parts.kit, config, vitals, worker, beat });
    const withdraw = () => {
      const { pauseMs } = vitals.withdrawal;
      const seconds = pauseMs / 1000;
      parts.kit.logger.error({ seconds }, 'too many trials failed here in a row; none is taken for a while');
      void worker.pause();
      setTimeout(() => {
        if (kit.shutdown.signal.aborted) return;
        vitals.withdrawal.tryAgain();
        parts.kit.logger.warn('one more trial is tried after the pause');
        void worker.resume();
        void beat();
      }, pauseMs).unref();
    };
    // The orchestrator that started it is gone: nobody else would end it.
    if (config.fallback) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    kit.shutdown.signal.addEventListener('abort', () => {
      vitals.drain();
      void beat();
    });
    kit.shutdown.add('training process', async () => {
      clearInterval(beats);
      children.close();
      await removeHeartbeat(kit.redis.failFast, config.trainerId);
    });
    return {
      workers: [worker],
      checks: {
        'not withdrawn': () => !vitals.withdrawal.withdrawn,
        storage: () =>
          parts.store.probe().then(
            () => true,
            () => false,
          ),
      },
    };
  },
});
