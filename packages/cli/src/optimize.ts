/**
 * A whole optimization in the program that calls it: no server, no Redis; the same search, decisions, training and
 * health as on many machines, one training at a time.
 *
 *   const { best, model } = await optimize({ dataset: 'mnist-10k', trials: 6, epochs: 3 });
 *   await model?.save('digits.keras');
 */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createArtifactStore, type ArtifactStore } from '@onegin/artifacts';
import {
  acceptRequest,
  trainingKey,
  trialView,
  type ArtifactRef,
  type OptimizationRequestInput,
  type StudyConfig,
  type StudyEvent,
  type StudyState,
  type TrialJob,
  type TrialView,
} from '@onegin/contracts';
import { listDatasets } from '@onegin/datasets';
import { runInProcess, type TrainingHooks, type TrainingOutcome } from '@onegin/study';
import { pickEngine, trainJob, type Engine, type JobFile } from '@onegin/training';

export interface OptimizeOptions {
  /** Called with each event, in sequence; the state is the one after the event. */
  onEvent?: (event: StudyEvent, state: StudyState) => void;
  /** Aborting cancels the study at the next batch; what was reached is returned. */
  signal?: AbortSignal;
  /** Keeps prepared datasets and what trials leave; default `./data`. */
  dataDir?: string;
}

export interface OptimizeResult {
  /** The best trial; null when none completed. In pareto mode the one with the best total score. */
  best: TrialView | null;
  /** All trials, by number. */
  trials: TrialView[];
  /** The final model, trained with the best parameters; null when the study was cancelled or failed before. */
  model: SavedModel | null;
  /** Everything that is known of the study; `state.status` says how it ended, `state.failure` why it failed. */
  state: StudyState;
}

export interface SavedModel {
  /** Validation accuracy in [0, 1]. */
  readonly accuracy: number;
  /** Writes the .keras file, which Keras 3 opens. */
  save(path: string): Promise<void>;
}

/**
 * @throws OneginError `request-invalid` or `dataset-unknown` before anything is done, naming every wrong field;
 *   `storage-…` when the folder cannot be written. A trial that fails is an event, not an exception.
 */
export async function optimize(
  request: OptimizationRequestInput,
  options: OptimizeOptions = {},
): Promise<OptimizeResult> {
  const dataDir = resolve(options.dataDir ?? './data');
  const datasetsDir = join(dataDir, 'datasets');
  const config = acceptRequest(request, await listDatasets({ cacheDir: datasetsDir }));
  const store = await createArtifactStore({ directory: join(dataDir, 'artifacts') });
  const engine = await pickEngine({
    device: config.request.useGpu ? 'gpu' : 'cpu',
    modelKind: config.modelKind,
  });
  const state = await runInProcess({
    config,
    train: inProcessTrainer(config, engine, store, datasetsDir),
    trainer: { trainer: 'this process', engine: engine.info.name, device: engine.info.device },
    ...(options.onEvent && { onEvent: options.onEvent }),
    ...(options.signal && { signal: options.signal }),
  });
  return resultOf(state, store);
}

function resultOf(state: StudyState, store: ArtifactStore): OptimizeResult {
  const { finalModel, best } = state;
  const trials = state.trials.map((trial) => trialView(state, trial));
  const keras = finalModel?.artifacts.find(({ kind }) => kind === 'keras');
  const model: SavedModel | null =
    keras && finalModel?.result
      ? {
          accuracy: finalModel.result.accuracy,
          save: async (path) => writeFile(path, await store.get(keras)),
        }
      : null;
  return { best: best === null ? null : trials[best]!, trials, model, state };
}

function inProcessTrainer(
  { runName }: StudyConfig,
  engine: Engine,
  store: ArtifactStore,
  datasetsDir: string,
): (job: TrialJob, hooks: TrainingHooks) => Promise<TrainingOutcome> {
  /** By target, of trainings that may go on: paused at a rung, or failed and tried again. */
  const checkpoints = new Map<TrialJob['target'], Uint8Array>();
  let attempts = 0;
  const keep = ({ target }: TrialJob, files: readonly JobFile[]): Promise<ArtifactRef[]> => {
    const attempt = ++attempts;
    return Promise.all(
      files.map(({ kind, name, contentType, bytes }) =>
        store.put(trainingKey(runName, target, attempt, name), bytes, { kind, contentType }),
      ),
    );
  };
  return async (job, { signal, onEpoch }) => {
    const { target, timeLimitSeconds } = job;
    const endsAt = performance.now() + (timeLimitSeconds ?? Infinity) * 1000;
    const outOfTime = () => performance.now() > endsAt;
    const outcome = await trainJob(job, {
      engine,
      datasetsDir,
      checkpoint: checkpoints.get(target),
      stop: () => (signal.aborted || outOfTime() ? 'cancel' : undefined),
      onEpoch: (summary, checkpoint) => {
        checkpoints.set(target, checkpoint);
        return onEpoch(summary);
      },
    });
    if (outcome.status === 'stopped' && !signal.aborted && outOfTime())
      return { status: 'failed', code: 'time-limit', message: `it took longer than ${timeLimitSeconds} s` };
    if (outcome.status !== 'completed') return outcome;
    checkpoints.delete(target);
    return { status: 'completed', result: outcome.result, artifacts: await keep(job, outcome.files) };
  };
}
