/** The trainer: takes trials from its queue and trains them, one at a time. */
import { createArtifactStore } from '@onegin/artifacts';
import { trialQueue } from '@onegin/contracts';
import {
  artifactStoreConfig,
  removeHeartbeat,
  runService,
  Subscriptions,
  TRAINING_SECONDS,
  TypedQueue,
  TypedWorker,
  writeHeartbeat,
} from '@onegin/service-kit';
import { ChildPool } from './child-pool.ts';
import { trainerConfig } from './config.ts';
import { processTrialJob, type TrainerParts } from './process-trial-job.ts';
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
    const trained = kit.metrics.histogram(
      'onegin_training_attempt_seconds',
      'Time from taking a trial to letting go of it.',
      TRAINING_SECONDS,
      ['outcome'],
    );
    const withdrawn = kit.metrics.gauge('onegin_trainer_withdrawn', 'Whether it takes none after failures.');
    const waiting = kit.metrics.gauge('onegin_trainer_waiting', 'Whether its work waits for the store.');
    const parts: TrainerParts = {
      kit: { ...kit, logger: kit.logger.child({ trainer: config.trainerId }) },
      studies: new TypedQueue('studies', kit.redis.patient),
      subscriptions: new Subscriptions(kit.redis.open('subscriptions')),
      store: await createArtifactStore(artifactStoreConfig(config)),
      children,
      vitals,
      trainerId: config.trainerId,
      limits: {
        storagePatienceMs: config.storagePatienceMs,
        handBackMs: Math.max(config.shutdownGraceMs - GRACE_RESERVE_MS, config.shutdownGraceMs / 2),
      },
      observe: (outcome, seconds) => trained.observe({ outcome }, seconds),
    };

    const beat = () => {
      withdrawn.set(vitals.withdrawal.withdrawn ? 1 : 0);
      waiting.set(vitals.waiting ? 1 : 0);
      return writeHeartbeat(kit.redis.requests, vitals.heartbeat(children.engine)).catch(() => undefined);
    };
    await beat();
    const beats = setInterval(() => void beat(), config.heartbeatMs);

    const worker = new TypedWorker(
      queue,
      async (job, entry) => {
        try {
          await processTrialJob(job, entry, parts);
        } finally {
          if (vitals.withdrawal.withdrawn) withdraw();
          void beat();
        }
      },
      { redis: kit.redis.open('worker'), logger: kit.logger, lockMs: config.lockMs },
    );
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
