/**
 * A trial's task, from taking it to letting go of it. May run twice for the same task, even on two trainers at once:
 * what counts is the log, which accepts each step once.
 */
import type { ArtifactStore } from '@onegin/artifacts';
import { failureOf, messageOf, OneginError, subjectOf } from '@onegin/contracts';
import type { ArtifactRef, NewStudyEvent, TrialJob } from '@onegin/contracts';
import { appendAndAdvance, BatchProgressPublisher, tracing, watchControl } from '@onegin/service-kit';
import type {
  TaskContext,
  Logger,
  ServiceKit,
  SubjectRecords,
  Subscriptions,
  TypedQueue,
} from '@onegin/service-kit';
import { lastCheckpoint } from './checkpoints.ts';
import type { ChildPool } from './child-pool.ts';
import { deferralOf, type DeferredTasks } from './deferred-tasks.ts';
import { orAborted } from './retry-policy.ts';
import { sharedDatasets } from './shared-datasets.ts';
import type { TrainerMeasures } from './trainer-metrics.ts';
import { TrainingAttempt, type AttemptEnd, type AttemptLimits } from './training-attempt.ts';
import type { TrainingChild } from './training-child.ts';
import type { TrainerStatus } from './trainer-status.ts';

export interface TrainerParts {
  kit: Pick<ServiceKit, 'log' | 'logger' | 'redis' | 'shutdown'>;
  studies: TypedQueue<'studies'>;
  subscriptions: Subscriptions;
  store: ArtifactStore;
  children: ChildPool;
  status: TrainerStatus;
  trainerId: string;
  limits: AttemptLimits;
  measures: TrainerMeasures;
  queue: Pick<TypedQueue<'trials-cpu' | 'trials-gpu'>, 'depth'>;
  deferred: DeferredTasks;
  /** Sends a heartbeat at once. */
  beat: () => void;
}

export async function processTrialJob(job: TrialJob, task: TaskContext, parts: TrainerParts): Promise<void> {
  const { kit, status } = parts;
  const logger = kit.logger.child({ jobId: job.jobId, trial: job.target });
  if (kit.shutdown.signal.aborted || status.draining || status.breaker.isOpen) return task.release();
  const records = await kit.log.records(job.jobId, subjectOf(job.target));
  if (!isWaiting(records)) {
    logger.info({ status: records.status, job: records.job }, 'the task is superseded');
    return;
  }
  const deferral = await deferralOf(job, task.id, parts);
  if (deferral) {
    logger.info(deferral.reason);
    return task.postpone(deferral.forMs, deferral.awayMs);
  }
  const append = appender(job, parts);
  if (records.counter >= job.maxStarts) {
    // Every trainer that took it died: it must not go round for ever.
    await append(startsExhausted(job, records.counter, parts.trainerId));
    return;
  }
  status.begin({ ...job, epoch: records.epoch });
  parts.beat();
  const startedAt = performance.now();
  const about = { jobId: job.jobId, trial: job.target, trainer: parts.trainerId };
  const end = await tracing().within('attempt', about, () =>
    attempt(job, records, task, { ...parts, append, logger }),
  );
  status.end(end === 'completed' ? end : 'other');
  parts.measures.attemptEnded(end, (performance.now() - startedAt) / 1000);
  logger.info({ end }, 'the attempt has ended');
  if (end === 'released') await task.release();
}

/** Still to be trained: queued, or running on a trainer that is lost (or the task would not be here). */
const isWaiting = ({ job, cancelRequested, status }: SubjectRecords): boolean =>
  (job === 'running' || job === 'finalizing') &&
  !cancelRequested &&
  (status === 'queued' || status === 'running');

const startsExhausted = ({ target }: TrialJob, attempt: number, trainer: string): NewStudyEvent => ({
  type: 'TrainingAttemptFailed',
  target,
  attempt,
  trainer,
  code: 'trainer-lost',
  message: `it was started ${attempt} times and no trainer finished it`,
});

const appender =
  (job: TrialJob, { kit, studies }: TrainerParts) =>
  async (event: NewStudyEvent): Promise<boolean> => {
    const { refusals } = await appendAndAdvance({ log: kit.log, studies }, job.jobId, [event], job.pruning);
    return refusals[0] === null;
  };

type AttemptParts = TrainerParts & { append: (event: NewStudyEvent) => Promise<boolean>; logger: Logger };

async function attempt(
  job: TrialJob,
  records: SubjectRecords,
  task: TaskContext,
  parts: AttemptParts,
): Promise<AttemptEnd> {
  const { kit, append, logger, status } = parts;
  const progress = new BatchProgressPublisher(kit.redis.failFast);
  const number = records.counter + 1;
  const training = new TrainingAttempt(
    job,
    { attempt: number, epochsLogged: records.epoch, trainer: parts.trainerId },
    {
      append,
      store: parts.store,
      datasets: sharedDatasets(parts.store, logger),
      logger,
      onProgress: (batch) => {
        status.progress(batch);
        progress.publish({ jobId: job.jobId, target: job.target, ...batch, loss: finite(batch.loss) });
      },
      onFailure: (code) => {
        status.failed(code);
        parts.measures.attemptFailed(code);
      },
      onCompleted: (result) => parts.measures.trainingCompleted(result),
      onStoreUnavailable: (away) => status.waitFor(away ? 'storage' : null),
      limits: parts.limits,
      onEpoch: (summary) => {
        status.epochEnded(summary.epoch, summary.samplesPerSecond);
        parts.measures.epochEnded(summary);
        tracing().ended('epoch', summary.seconds, { epoch: summary.epoch });
      },
    },
  );
  const cancel = () => training.stop('cancel');
  const unlisten = [
    whenAborted(kit.shutdown.signal, () => training.stop('release')),
    whenAborted(task.signal, cancel),
  ];
  const unwatch = await watchControl(
    { redis: kit.redis.blocking, subscriptions: parts.subscriptions },
    job,
    cancel,
  );
  try {
    const { stopping } = training;
    const child = await orAborted(childFor(job, parts), stopping);
    if ('failed' in child) return await notStarted(job, number, child.failed, parts);
    return await training.run(child, await orAborted(checkpointOf(job, records, parts), stopping));
  } catch (error) {
    // Cancelled, or told to shut down, while the process was starting or the checkpoint was being read.
    if (training.stopping.aborted && error === training.stopping.reason) return training.endBeforeStart;
    throw error;
  } finally {
    unwatch();
    progress.stop();
    for (const end of unlisten) end();
  }
}

/** Calls at once when the signal is already aborted, since a listener would never fire. @returns stops listening */
function whenAborted(signal: AbortSignal, call: () => void): () => void {
  if (signal.aborted) call();
  else signal.addEventListener('abort', call, { once: true });
  return () => signal.removeEventListener('abort', call);
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

async function childFor(
  job: TrialJob,
  { children }: AttemptParts,
): Promise<TrainingChild | { failed: string }> {
  try {
    return await children.take(job.modelKind);
  } catch (error) {
    return { failed: messageOf(error) };
  }
}

/** Without an engine nothing can be trained here: the attempt starts and fails, so that it counts and shows. */
async function notStarted(
  job: TrialJob,
  attempt: number,
  message: string,
  { append, trainerId, status }: AttemptParts,
): Promise<AttemptEnd> {
  const subject = { target: job.target, attempt, trainer: trainerId };
  if (!(await append({ type: 'TrainingStarted', ...subject, engine: 'none', device: job.resource })))
    return 'superseded';
  status.failed('engine-unavailable');
  const failed = { code: 'engine-unavailable', message } as const;
  return (await append({ type: 'TrainingAttemptFailed', ...subject, ...failed })) ? 'failed' : 'superseded';
}

/** Where training resumes; a checkpoint that is lost or damaged costs its epochs, not the trial. */
async function checkpointOf(
  job: TrialJob,
  records: SubjectRecords,
  { kit, store, logger }: AttemptParts,
): Promise<Uint8Array | undefined> {
  if (records.counter === 0) return undefined;
  let ref: ArtifactRef | null = null;
  try {
    ref = await lastCheckpoint(kit.log, job.jobId, job.target);
    return ref ? await store.get(ref) : undefined;
  } catch (error) {
    if (error instanceof OneginError && error.code === 'redis-unavailable') throw error;
    logger.warn(
      { ...failureOf(error, 'training-failed'), key: ref?.key },
      'the checkpoint cannot be read; training starts over',
    );
    return undefined;
  }
}
