/** What a plan consists of: layers with their shapes and weights, as plain data. */
import type { LayerType, ModelConfig } from '@onegin/contracts';
import type { Padding } from '../engine/engine.ts';

export interface WeightSpec {
  name: string;
  shape: number[];
  /** False for the moving statistics of batch normalization. */
  trainable: boolean;
}

interface PlannedLayerBase<Type extends LayerType> {
  /** Unique in the network; also the layer's name in exported files. */
  id: string;
  type: Type;
  inputShape: number[];
  outputShape: number[];
  weights: WeightSpec[];
  /** Values in `weights`, moving statistics included. */
  parameters: number;
}

export type PlannedLayer =
  | PlannedLayerBase<'input'>
  | PlannedLayerBase<'flatten'>
  | PlannedLayerBase<'globalAveragePooling'>
  | (PlannedLayerBase<'rescaling'> & { scale: number })
  | (PlannedLayerBase<'conv2d'> & { filters: number; kernelSize: number; padding: Padding; useBias: boolean })
  | (PlannedLayerBase<'batchNorm'> & { momentum: number; epsilon: number })
  | (PlannedLayerBase<'maxPooling'> & { poolSize: number })
  | (PlannedLayerBase<'activation'> & { activation: ModelConfig['activation'] | 'softmax' })
  | (PlannedLayerBase<'embedding'> & { vocabularySize: number; embeddingSize: number })
  | (PlannedLayerBase<'lstm'> & { units: number; returnSequences: boolean })
  | (PlannedLayerBase<'bidirectionalLstm'> & { units: number; returnSequences: boolean })
  | (PlannedLayerBase<'dropout'> & { rate: number })
  | (PlannedLayerBase<'dense'> & { units: number });

/** The planned layer of a type. */
export type LayerOf<Type extends LayerType> = Extract<PlannedLayer, { type: Type }>;

export interface NetworkPlan {
  model: ModelConfig;
  /** What one sample looks like: [height, width, channels] or [steps]. */
  inputShape: number[];
  classes: number;
  layers: PlannedLayer[];
  parameterCount: number;
  trainableParameterCount: number;
}

/** Number of values in a tensor of this shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
