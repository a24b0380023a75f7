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
import { DeferredTasks } from './deferred-tasks.ts';
import { Drain } from './drain.ts';
import { processTrialJob, type TrainerParts } from './process-trial-job.ts';
import { trainerMetrics } from './trainer-metrics.ts';
import { TrainerStatus } from './trainer-status.ts';

/** Part of the grace period, reserved for what shuts down after the training was released. */
const GRACE_RESERVE_MS = 4000;

await runService({
  name: 'trainer',
  config: () => trainerConfig(),
  consumes: ({ resource }) => [trialQueue(resource)],
  start: async (kit, config) => {
    const queue = trialQueue(config.resource);
    const status = new TrainerStatus(config);
    const children = new ChildPool(config, kit.logger);
    const beat = (): Promise<void> =>
      writeHeartbeat(kit.redis.failFast, status.heartbeat(children.engine)).catch(() => undefined);
    const parts: TrainerParts = {
      kit: { ...kit, logger: kit.logger.child({ trainer: config.trainerId }) },
      studies: new TypedQueue('studies', kit.redis.blocking),
      subscriptions: new Subscriptions(kit.redis.open('subscriptions')),
      store: observedStore(
        await createArtifactStore(artifactStoreConfig(config)),
        measureArtifacts(kit.metrics, artifactOperations),
      ),
      children,
      status,
      trainerId: config.trainerId,
      queue: new TypedQueue(queue, kit.redis.failFast),
      deferred: new DeferredTasks(),
      beat: () => void beat(),
      measures: trainerMetrics(kit.metrics, () => status.heartbeat(children.engine)),
      limits: {
        storageRetryMs: config.storageRetryMs,
        releaseMs: Math.max(config.shutdownGraceMs - GRACE_RESERVE_MS, config.shutdownGraceMs / 2),
      },
    };

    await beat();
    const beats = setInterval(() => void beat(), config.heartbeatMs);

    const worker = new TypedWorker(
      queue,
      async (job, task) => {
        drain.taskStarted();
        try {
          await processTrialJob(job, task, parts);
        } finally {
          drain.taskEnded();
          if (status.breaker.isOpen) openCircuit();
          void beat();
        }
      },
      {
        redis: kit.redis.open('worker'),
        logger: kit.logger,
        observer: kit.tasks,
        lockMs: config.lockMs,
      },
    );
    const drain = new Drain({ kit: parts.kit, config, status, worker, beat });
    const openCircuit = () => {
      const { pauseMs } = status.breaker;
      const seconds = pauseMs / 1000;
      parts.kit.logger.error(
        { seconds },
        'too many trials failed here in a row; the trainer takes none for a while',
      );
      void worker.pause();
      setTimeout(() => {
        if (kit.shutdown.signal.aborted) return;
        status.breaker.halfOpen();
        parts.kit.logger.warn('one more trial is tried after the pause');
        void worker.resume();
        void beat();
      }, pauseMs).unref();
    };
    // The orchestrator that started it is gone, and nothing else would stop it.
    if (config.fallback) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    kit.shutdown.signal.addEventListener('abort', () => {
      status.drain();
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
        'not withdrawn': () => !status.breaker.isOpen,
        storage: () => parts.store.probe().then(() => true),
      },
    };
  },
});
