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
import { pickEngine, trainJob, type Engine } from '@onegin/training';

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
  const trainer = new InProcessTrainer(config, engine, store, datasetsDir);
  const state = await runInProcess({
    config,
    train: (job, hooks) => trainer.train(job, hooks),
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

class InProcessTrainer {
  readonly #config: StudyConfig;
  readonly #engine: Engine;
  readonly #store: ArtifactStore;
  readonly #datasetsDir: string;
  /** By target, of trainings that may go on: paused at a rung, or failed and tried again. */
  readonly #checkpoints = new Map<TrialJob['target'], Uint8Array>();
  #attempts = 0;

  constructor(config: StudyConfig, engine: Engine, store: ArtifactStore, datasetsDir: string) {
    this.#config = config;
    this.#engine = engine;
    this.#store = store;
    this.#datasetsDir = datasetsDir;
  }

  async train(job: TrialJob, { signal, onEpoch }: TrainingHooks): Promise<TrainingOutcome> {
    const { target, timeLimitSeconds } = job;
    const endsAt = performance.now() + (timeLimitSeconds ?? Infinity) * 1000;
    const outOfTime = () => performance.now() > endsAt;
    const outcome = await trainJob(job, {
      engine: this.#engine,
      datasetsDir: this.#datasetsDir,
      checkpoint: this.#checkpoints.get(target),
      stop: () => (signal.aborted || outOfTime() ? 'cancel' : undefined),
      onEpoch: (summary, checkpoint) => {
        this.#checkpoints.set(target, checkpoint);
        return onEpoch(summary);
      },
    });
    if (outcome.status === 'stopped' && !signal.aborted && outOfTime())
      return { status: 'failed', code: 'time-limit', message: `it took longer than ${timeLimitSeconds} s` };
    if (outcome.status !== 'completed') return outcome;
    this.#checkpoints.delete(target);
    return { status: 'completed', result: outcome.result, artifacts: await this.#keep(job, outcome.files) };
  }

  #keep(
    { target }: TrialJob,
    files: readonly { kind: string; name: string; contentType: string; bytes: Uint8Array }[],
  ): Promise<ArtifactRef[]> {
    const attempt = ++this.#attempts;
    return Promise.all(
      files.map(({ kind, name, contentType, bytes }) =>
        this.#store.put(trainingKey(this.#config.runName, target, attempt, name), bytes, {
          kind,
          contentType,
        }),
      ),
    );
  }
}
