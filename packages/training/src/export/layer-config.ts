/**
 * The layers of a plan as Keras describes layers: a class name and a configuration. Keras 3 and TensorFlow.js read the
 * same words here, so that both exported files come from this one translation.
 *
 * Dropout and the L2 penalty are kept, although prediction does not need them: a loaded model can be trained further.
 */
import type { NetworkPlan, PlannedLayer } from '../network/plan.ts';

export interface LayerConfig {
  className: string;
  /** Without `name`, `trainable` and `dtype`. */
  config: Record<string, unknown>;
}

/** Both take a regularizer as class and configuration; Keras 3 wants to know where the class lives as well. */
export type Regularizer = (l2: number) => unknown;

export function layerConfig(layer: PlannedLayer, l2: number, regularizer: Regularizer): LayerConfig {
  const kernel = l2 > 0 ? { kernel_regularizer: regularizer(l2) } : {};
  switch (layer.type) {
    case 'input':
      return { className: 'InputLayer', config: {} };
    case 'rescaling':
      return { className: 'Rescaling', config: { scale: layer.scale, offset: 0 } };
    case 'conv2d':
      return {
        className: 'Conv2D',
        config: {
          filters: layer.filters,
          kernel_size: [layer.kernelSize, layer.kernelSize],
          strides: [1, 1],
          padding: layer.padding,
          use_bias: layer.useBias,
          activation: 'linear',
          ...kernel,
        },
      };
    case 'batchNorm':
      return {
        className: 'BatchNormalization',
        config: { axis: -1, momentum: layer.momentum, epsilon: layer.epsilon },
      };
    case 'maxPooling': {
      const window = [layer.poolSize, layer.poolSize];
      return {
        className: 'MaxPooling2D',
        config: { pool_size: window, strides: window, padding: 'valid' },
      };
    }
    case 'activation':
      return { className: 'Activation', config: { activation: layer.activation } };
    case 'globalAveragePooling':
      return { className: 'GlobalAveragePooling2D', config: {} };
    case 'flatten':
      return { className: 'Flatten', config: {} };
    case 'dropout':
      return { className: 'Dropout', config: { rate: layer.rate } };
    case 'dense':
      return { className: 'Dense', config: { units: layer.units, activation: 'linear', ...kernel } };
    default:
      return sequenceLayerConfig(layer, l2, regularizer);
  }
}

type SequenceLayer = Extract<PlannedLayer, { type: 'embedding' | 'lstm' | 'bidirectionalLstm' }>;

function sequenceLayerConfig(layer: SequenceLayer, l2: number, regularizer: Regularizer): LayerConfig {
  if (layer.type === 'embedding') {
    return {
      className: 'Embedding',
      config: {
        input_dim: layer.vocabularySize,
        output_dim: layer.embeddingSize,
        mask_zero: false,
        ...(l2 > 0 && { embeddings_regularizer: regularizer(l2) }),
      },
    };
  }
  const lstm = {
    units: layer.units,
    activation: 'tanh',
    recurrent_activation: 'sigmoid',
    use_bias: true,
    unit_forget_bias: true,
    return_sequences: layer.returnSequences,
    ...(l2 > 0 && { kernel_regularizer: regularizer(l2), recurrent_regularizer: regularizer(l2) }),
  };
  return layer.type === 'lstm'
    ? { className: 'LSTM', config: lstm }
    : { className: 'Bidirectional', config: { merge_mode: 'concat', lstm } };
}

/** What one sample looks like to the network: pixels 0…255 as float32, or token ids as int32. */
export const inputDtype = (plan: NetworkPlan): 'float32' | 'int32' =>
  plan.model.kind === 'cnn' ? 'float32' : 'int32';
