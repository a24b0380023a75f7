/**
 * A trained network as a `.keras` file of Keras 3: a zip, stored uncompressed as Keras does it, of
 *
 *   metadata.json      the version of the format and when it was saved
 *   config.json        a Sequential model, layer by layer
 *   model.weights.h5   /layers/KEY/vars/0, 1, … where KEY is the class name in snake case with a counter per class in
 *                      layer order (`dense`, `dense_1`), not the layer's name
 *
 * Weights have the orders and layouts of Keras already. The model takes what the data set holds: pixels 0…255, or
 * token ids; its output is class probabilities.
 */
import { strToU8, zipSync, type Zippable } from 'fflate';
import type { NamedWeight, NamedWeights } from '../loop/trial.ts';
import type { NetworkPlan, PlannedLayer } from '../network/plan.ts';
import { writeHdf5, type HdfArray, type HdfGroup } from './hdf5-file.ts';
import { inputDtype, layerConfig } from './layer-config.ts';
import { weightsByLayer } from './layer-weights.ts';

/** The version that wrote the reference files which this format was checked against. */
const KERAS_VERSION = '3.15.1';

/** Keras's key of a class in the weights file: `MaxPooling2D` → `max_pooling2d`. */
const weightsKey = (className: string): string =>
  className.replace(/(?<=.)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();

export interface KerasFileInput {
  plan: NetworkPlan;
  weights: NamedWeights;
  /** The model's name in Keras; letters, digits, '_' and '-'. */
  name: string;
  savedAt: Date;
}

export async function writeKerasFile({ plan, weights, name, savedAt }: KerasFileInput): Promise<Uint8Array> {
  const modelName = name.replace(/[^A-Za-z0-9_-]/g, '_');
  const metadata = { keras_version: KERAS_VERSION, date_saved: kerasDate(savedAt) };
  const weightsFile = await writeHdf5(weightsTree(plan, weights, modelName));
  const stored = (bytes: Uint8Array): Zippable[string] => [bytes, { level: 0, mtime: savedAt }];
  return zipSync({
    'metadata.json': stored(strToU8(JSON.stringify(metadata))),
    'config.json': stored(strToU8(JSON.stringify(modelConfig(plan, modelName)))),
    'model.weights.h5': stored(weightsFile),
  });
}

/** 2026-05-04@13:02:01, in UTC. */
const kerasDate = (date: Date): string => date.toISOString().slice(0, 19).replace('T', '@');

const DTYPE = {
  module: 'keras',
  class_name: 'DTypePolicy',
  config: { name: 'float32' },
  registered_name: null,
};

const regularizer = (l2: number): unknown => ({
  module: 'keras.regularizers',
  class_name: 'L2',
  config: { l2 },
  registered_name: null,
});

function modelConfig(plan: NetworkPlan, name: string): unknown {
  const inputShape = [null, ...plan.inputShape];
  return {
    module: 'keras',
    class_name: 'Sequential',
    config: {
      name,
      trainable: true,
      dtype: DTYPE,
      layers: plan.layers.map((layer) => serializedLayer(layer, plan)),
      build_input_shape: inputShape,
    },
    registered_name: null,
    build_config: { input_shape: inputShape },
    compile_config: null,
  };
}

interface SerializedLayer {
  module: string;
  class_name: string;
  config: Record<string, unknown>;
  registered_name: null;
}

const serialized = (className: string, config: Record<string, unknown>): SerializedLayer => ({
  module: 'keras.layers',
  class_name: className,
  config,
  registered_name: null,
});

function serializedLayer(layer: PlannedLayer, plan: NetworkPlan): SerializedLayer {
  if (layer.type === 'input') {
    const batchShape = [null, ...plan.inputShape];
    return serialized('InputLayer', {
      batch_shape: batchShape,
      dtype: inputDtype(plan),
      sparse: false,
      ragged: false,
      name: layer.id,
    });
  }
  const { className, config } = layerConfig(layer, plan.model.l2, regularizer);
  const common = { trainable: true, dtype: DTYPE };
  if (layer.type !== 'bidirectionalLstm')
    return serialized(className, { name: layer.id, ...common, ...config });
  const { lstm, ...rest } = config as { lstm: Record<string, unknown> };
  const direction = (prefix: string, go_backwards: boolean): SerializedLayer =>
    serialized('LSTM', { name: `${prefix}_${layer.id}`, ...common, ...lstm, go_backwards });
  return serialized(className, {
    name: layer.id,
    ...common,
    ...rest,
    layer: direction('forward', false),
    backward_layer: direction('backward', true),
  });
}

/** The arrays of one layer, named 0, 1, … */
const vars = (weights: readonly NamedWeight[], name?: string): HdfGroup => ({
  ...(name && { attributes: { name } }),
  arrays: Object.fromEntries(weights.map((weight, i): [string, HdfArray] => [String(i), weight])),
});

function layerGroup(layer: PlannedLayer, weights: readonly NamedWeight[]): HdfGroup {
  const cell = (own: readonly NamedWeight[]): HdfGroup => ({
    groups: { cell: { groups: { vars: vars(own) } } },
  });
  const outer = vars(layer.type === 'lstm' || layer.type === 'bidirectionalLstm' ? [] : weights, layer.id);
  if (layer.type === 'lstm') return { groups: { vars: outer, ...cell(weights).groups } };
  if (layer.type === 'bidirectionalLstm') {
    return {
      groups: {
        vars: outer,
        forward_layer: cell(weights.slice(0, 3)),
        backward_layer: cell(weights.slice(3)),
      },
    };
  }
  return { groups: { vars: outer } };
}

function weightsTree(plan: NetworkPlan, weights: NamedWeights, name: string): HdfGroup {
  const own = weightsByLayer(plan, weights);
  const layers: Record<string, HdfGroup> = {};
  const seen = new Map<string, number>();
  for (const layer of plan.layers) {
    if (layer.type === 'input') continue;
    const key = weightsKey(layerConfig(layer, 0, regularizer).className);
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    layers[count === 0 ? key : `${key}_${count}`] = layerGroup(layer, own.get(layer.id)!);
  }
  return { groups: { layers: { groups: layers }, vars: { attributes: { name } } } };
}
