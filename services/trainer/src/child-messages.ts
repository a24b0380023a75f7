/**
 * What a trainer's main process and its training process say to each other over Node's IPC channel, with structured
 * cloning, so that checkpoints and files travel as bytes.
 */
import type { EpochSummary, ModelKind, Resource, TrialJob } from '@onegin/contracts';
import type { BatchProgress, EngineInfo, StopSignal, TrainJobOutcome } from '@onegin/training';

/** How the training process is set up; fixed for its life, as TensorFlow reads it once. */
export interface ChildSetup {
  resource: Resource;
  modelKind: ModelKind;
  datasetsDir: string;
  threads?: number | undefined;
}

export type ToChild =
  | { type: 'setup'; setup: ChildSetup }
  | { type: 'train'; job: TrialJob; checkpoint?: Uint8Array | undefined }
  /** Answer to an epoch. */
  | { type: 'verdict'; verdict: 'continue' | 'stop' }
  | { type: 'stop'; signal: StopSignal }
  /** Answer to `dataset`: whether the store had it, or took it. */
  | { type: 'dataset'; id: number; done: boolean };

export type FromChild =
  | { type: 'ready'; engine: EngineInfo }
  | { type: 'unable'; message: string }
  | { type: 'epoch'; summary: EpochSummary; checkpoint: Uint8Array }
  | { type: 'progress'; progress: BatchProgress }
  /** Asks for a prepared dataset from the artifact store, or hands one to it; `path` is on this machine. */
  | { type: 'dataset'; id: number; action: 'get' | 'put'; name: string; path: string }
  | { type: 'outcome'; outcome: TrainJobOutcome; memoryBytes: number };
