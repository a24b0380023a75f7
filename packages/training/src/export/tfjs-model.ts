/**
 * A trained network as a TensorFlow.js layers model: `model.json` and one file of weights beside it. Open it with
 * `tf.loadLayersModel('…/model.json')` in a browser or in Node.
 */
import { joinFloats } from '../join-floats.ts';
import type { NamedWeights } from '../loop/trial.ts';
import type { NetworkPlan, PlannedLayer } from '../network/plan.ts';
import { layerConfig } from './layer-config.ts';
import { weightsByLayer } from './layer-weights.ts';

export const TFJS_WEIGHTS_FILE = 'weights.bin';
const TFJS_VERSION = '4.22.0';

export interface TfjsModel {
  /** Contents of `model.json`. */
  modelJson: string;
  /** Contents of `weights.bin`: float32, little-endian, one weight after the other. */
  weights: Uint8Array;
}

const regularizer = (l2: number): unknown => ({ class_name: 'L1L2', config: { l1: 0, l2 } });

/** The loader fills weights before it reads them; zeros spare it the orthogonal matrices of recurrent kernels. */
const ZEROS = { class_name: 'Zeros', config: {} };

export function writeTfjsModel(plan: NetworkPlan, weights: NamedWeights, name: string): TfjsModel {
  const own = weightsByLayer(plan, weights);
  const ordered = plan.layers.flatMap((layer) =>
    own.get(layer.id)!.map((weight) => ({ ...weight, name: weightName(layer, weight.name) })),
  );
  const modelJson = JSON.stringify({
    format: 'layers-model',
    generatedBy: `Onegin, for TensorFlow.js tfjs-layers v${TFJS_VERSION}`,
    convertedBy: null,
    modelTopology: {
      class_name: 'Sequential',
      config: { name, layers: plan.layers.slice(1).map((layer, i) => serializedLayer(layer, plan, i === 0)) },
      keras_version: `tfjs-layers ${TFJS_VERSION}`,
      backend: 'tensor_flow.js',
    },
    weightsManifest: [
      {
        paths: [TFJS_WEIGHTS_FILE],
        weights: ordered.map((weight) => ({ name: weight.name, shape: weight.shape, dtype: 'float32' })),
      },
    ],
  });
  return { modelJson, weights: new Uint8Array(joinFloats(ordered.map(({ values }) => values)).buffer) };
}

/** TensorFlow.js names the two halves of a bidirectional layer after the inner one. */
function weightName(layer: PlannedLayer, name: string): string {
  const [, direction, weight] = /^(forward|backward)_(.+)$/.exec(name) ?? [];
  return direction ? `${layer.id}/${direction}_${layer.id}/${weight}` : `${layer.id}/${name}`;
}

function serializedLayer(layer: PlannedLayer, plan: NetworkPlan, first: boolean): unknown {
  const { className, config } = layerConfig(layer, plan.model.l2, regularizer);
  // No dtype: an embedding would take int32 for its weights as well. Ids may be given in either type.
  const input = first && { batch_input_shape: [null, ...plan.inputShape] };
  const common = { name: layer.id, trainable: true, ...input };
  const zeros = {
    ...(layer.weights.length > 0 && layer.type !== 'batchNorm' && { kernel_initializer: ZEROS }),
    ...(layer.type === 'embedding' && { embeddings_initializer: ZEROS }),
  };
  const lstmZeros = { kernel_initializer: ZEROS, recurrent_initializer: ZEROS };
  if (layer.type === 'lstm') return { class_name: className, config: { ...common, ...config, ...lstmZeros } };
  if (layer.type !== 'bidirectionalLstm') {
    return { class_name: className, config: { ...common, ...config, ...zeros } };
  }
  const { lstm, ...rest } = config as { lstm: Record<string, unknown> };
  const inner = { class_name: 'LSTM', config: { name: layer.id, trainable: true, ...lstm, ...lstmZeros } };
  return { class_name: className, config: { ...common, ...rest, layer: inner } };
}
