/**
 * A queue entry, trained: from the dataset's name and the parameters to what is measured and the files it leaves.
 * The trainer's child process and the in-process runner both call it; it knows no queue and no store.
 */
import { failureOf, modelConfigFromParams, objectiveValues, OneginError } from '@onegin/contracts';
import type { EpochSummary, Failure, TrainingResult, TrialJob, TrialMetrics } from '@onegin/contracts';
import { datasetInfo, loadDataset, type PreparedStore } from '@onegin/datasets';
import type { Engine } from '../engine/engine.ts';
import type { BatchProgress, StopSignal, TrialResult } from '../loop/trial.ts';
import { trainTrial } from '../loop/train-trial.ts';
import type { GroupPlace } from '../parallel/shared-folder.ts';
import { ProcessGroup } from '../parallel/process-group.ts';
import { planForData } from '../network/plan.ts';
import { epochSummary } from './epoch-summary.ts';
import { jobFiles, type JobFile, type TrainedNetwork } from './job-files.ts';

export interface TrainJobOptions {
  engine: Engine;
  /** Where prepared datasets are cached. */
  datasetsDir: string;
  /** Where trainers share what one of them has prepared. */
  preparedStore?: PreparedStore;
  /** This process's place among those that train together, one per device. */
  place?: GroupPlace | undefined;
  /** Of an earlier part of this training. */
  checkpoint?: Uint8Array | undefined;
  /** Asked before every batch. */
  stop?: () => StopSignal | undefined;
  /** After every epoch; answers whether training goes on. */
  onEpoch?: (
    summary: EpochSummary,
    checkpoint: Uint8Array,
  ) => Promise<'continue' | 'stop'> | 'continue' | 'stop';
  onProgress?: (progress: BatchProgress) => void;
}

export type TrainJobOutcome =
  | { status: 'completed'; result: TrainingResult; files: JobFile[] }
  /** At the rung the entry names, below all epochs. */
  | { status: 'paused' }
  /** Because it was told to; the checkpoint stands at the last batch. */
  | { status: 'stopped'; checkpoint: Uint8Array }
  | ({ status: 'failed' } & Failure);

/** Never throws for a training that fails: the failure is the outcome. */
export async function trainJob(job: TrialJob, options: TrainJobOptions): Promise<TrainJobOutcome> {
  try {
    return await trained(job, options);
  } catch (error) {
    return { status: 'failed', ...failureOf(error, 'training-failed') };
  }
}

/**
 * Trains on a device beyond the first, in the place that the options name. Answers why it could not; null when it went
 * as far as the first.
 */
export async function helpTrainJob(
  job: TrialJob,
  options: Pick<TrainJobOptions, 'engine' | 'datasetsDir' | 'checkpoint'> & { place: GroupPlace },
): Promise<Failure | null> {
  try {
    await trainNetwork(job, options);
    return null;
  } catch (error) {
    return failureOf(error, 'training-failed');
  }
}

async function trained(job: TrialJob, options: TrainJobOptions): Promise<TrainJobOutcome> {
  const { model, data, result } = await trainNetwork(job, options);
  if (result.outcome === 'stopped')
    return result.reason === 'pause'
      ? { status: 'paused' }
      : { status: 'stopped', checkpoint: result.checkpoint };
  const dataset = await datasetInfo(job.dataset, { cacheDir: options.datasetsDir });
  return completed(job, { model, data, dataset, plan: planForData(model, data) }, result);
}

async function trainNetwork(job: TrialJob, options: TrainJobOptions) {
  const model = modelConfigFromParams(job.modelKind, job.params);
  const { datasetsDir: cacheDir, preparedStore: store } = options;
  const group = options.place && new ProcessGroup(options.place);
  try {
    const data = await firstToLoad(group, () =>
      loadDataset(job.dataset, { cacheDir, seed: job.studySeed, ...(store && { store }) }),
    );
    const result = await resumed({
      engine: options.engine,
      model,
      data,
      epochs: job.epochs,
      seed: job.seed,
      ...(group && { group }),
      ...(options.checkpoint && { checkpoint: options.checkpoint }),
      ...(options.stop && { stop: options.stop }),
      ...(options.onProgress && { onProgress: options.onProgress }),
      onEpoch: async (metrics, checkpoint) => {
        const verdict = await options.onEpoch?.(epochSummary(metrics), checkpoint);
        if (verdict === 'stop') return 'stop';
        return metrics.epoch >= job.untilEpoch && job.untilEpoch < job.epochs ? 'pause' : undefined;
      },
    });
    return { model, data, result };
  } finally {
    group?.close();
  }
}

/** Of several processes the first loads, and perhaps fetches, the data; the others then find it in the cache. */
async function firstToLoad<Data>(group: ProcessGroup | undefined, load: () => Promise<Data>): Promise<Data> {
  if (!group) return load();
  let data: Data | undefined;
  await group.agree(async () => {
    data = await load();
    return true;
  });
  return data ?? load();
}

/** A checkpoint that does not fit (another engine's, a damaged one) costs its epochs, not the trial. */
async function resumed(options: Parameters<typeof trainTrial>[0]): Promise<TrialResult> {
  try {
    return await trainTrial(options);
  } catch (error) {
    if (!(error instanceof OneginError && error.code === 'checkpoint-unfit')) throw error;
    const { checkpoint: _unfit, ...fresh } = options;
    return trainTrial(fresh);
  }
}

async function completed(
  job: TrialJob,
  network: Pick<TrainedNetwork, 'model' | 'data' | 'dataset' | 'plan'>,
  trial: TrialResult,
): Promise<TrainJobOutcome> {
  const { metrics } = trial;
  if (!metrics) throw new OneginError('training-failed', 'training ended before its first epoch');
  const result = trainingResult(metrics);
  const values = objectiveValues(job.objective, result);
  if (!values.every(Number.isFinite))
    throw new OneginError(
      'objective-not-finite',
      `expected finite objective values, found ${values.join(', ')}`,
    );
  return {
    status: 'completed',
    result,
    files: await jobFiles(job, { ...network, metrics, weights: trial.weights }),
  };
}

function trainingResult(metrics: TrialMetrics): TrainingResult {
  return {
    accuracy: metrics.validationAccuracy,
    trainAccuracy: metrics.epochs.at(-1)!.trainAccuracy,
    loss: metrics.validationLoss,
    health: metrics.health,
    parameterCount: metrics.parameterCount,
    epochs: metrics.epochs.length,
    seconds: metrics.seconds,
  };
}
