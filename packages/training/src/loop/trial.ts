/** What goes into a trial's training and what comes out of it. */
import type { EpochMetrics, ModelConfig, TrainingData, TrialMetrics } from '@onegin/contracts';
import type { Engine } from '../engine/engine.ts';
import type { DeviceGroup } from '../parallel/device-group.ts';

/** Why a trial is asked to end before its time: 'release' means that another trainer goes on with it. */
export type StopSignal = 'cancel' | 'pause' | 'release';

/** What the listener of an epoch may answer: go on, prune the trial, or pause it. */
export type EpochVerdict = undefined | 'stop' | 'pause';

export interface BatchProgress {
  /** From 1. */
  epoch: number;
  epochs: number;
  /** Batches done in this epoch. */
  batch: number;
  batches: number;
  /** Mean training loss of the epoch so far. */
  loss: number;
}

export interface TrialOptions {
  engine: Engine;
  model: ModelConfig;
  data: TrainingData;
  epochs: number;
  seed: number;
  /**
   * Devices that train it together, each in a process that calls `trainTrial` with the same options; stop signals,
   * listeners of epochs and progress are those of device 0. By default one device trains alone.
   */
  group?: DeviceGroup;
  /** From an earlier part of the same trial; training goes on bit for bit on the same engine. */
  checkpoint?: Uint8Array;
  /** Asked before every batch. The loop lets timers and messages run several times a second. */
  stop?: () => StopSignal | undefined;
  /** Called after every epoch; the checkpoint is taken after it. */
  onEpoch?: (metrics: EpochMetrics, checkpoint: Uint8Array) => EpochVerdict | Promise<EpochVerdict>;
  /** At most four times a second. */
  onProgress?: (progress: BatchProgress) => void;
}

/** One weight of one layer, as Keras names and orders it. */
export interface NamedWeight {
  /** Id of the layer in the plan. */
  layer: string;
  name: string;
  shape: number[];
  values: Float32Array;
}
/** All weights, in the order of the layers and, within a layer, of Keras. */
export type NamedWeights = NamedWeight[];

/** 'early-stopping' counts as completed: the trial did all that its configuration asks for. */
export type StopReason = StopSignal | 'pruned' | 'early-stopping';

export interface TrialResult {
  outcome: 'completed' | 'stopped';
  /** Why a stopped trial stopped, and whether a completed one stopped early; absent after the last epoch. */
  reason?: StopReason;
  epochsDone: number;
  /** Null when a stop signal ended it. */
  metrics: TrialMetrics | null;
  weights: NamedWeights;
  /** For going on; at the batch where it stopped. */
  checkpoint: Uint8Array;
}
