/** What a trainer's main process and its training processes ask each other. */
import type { EpochSummary, Failure, ModelKind, Resource, TrialJob } from '@onegin/contracts';
import type { BatchProgress, EngineInfo, GroupPlace, StopSignal, TrainJobOutcome } from '@onegin/training';

/** How the training process is set up; fixed for its life, as TensorFlow reads it once. */
export interface ChildSetup {
  resource: Resource;
  modelKind: ModelKind;
  datasetsDir: string;
  threads?: number | undefined;
  /** What CUDA is to see, as its variable CUDA_VISIBLE_DEVICES says it; by default what the trainer sees. */
  visibleDevices?: string | undefined;
}

export interface TrainingWork {
  readonly job: TrialJob;
  readonly checkpoint: Uint8Array | undefined;
  /** Where several processes train together, one per device. */
  readonly place?: GroupPlace | undefined;
}

export interface TrainingMethods {
  /** Loads the engine. */
  load(setup: ChildSetup): EngineInfo;
  train(work: TrainingWork): { outcome: TrainJobOutcome; memoryBytes: number };
  /** Trains the share of a device beyond the first; the first device's process speaks for all. */
  help(work: TrainingWork & { readonly place: GroupPlace }): Failure | null;
  /** Ends the training at its next batch. */
  stop(signal: StopSignal): void;
}

/** A prepared dataset in the artifact store; `path` is on this machine. */
export interface SharedDataset {
  readonly name: string;
  readonly path: string;
}

export interface TrainerMethods {
  progress(progress: BatchProgress): void;
  epochEnded(epoch: { summary: EpochSummary; checkpoint: Uint8Array }): 'continue' | 'stop';
  /** Whether the store had it. */
  getDataset(dataset: SharedDataset): boolean;
  putDataset(dataset: SharedDataset): void;
}
