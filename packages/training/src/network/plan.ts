/**
 * From a model configuration to its layers: shapes and parameter counts, without a tensor.
 *
 * Shapes leave the batch out: [height, width, channels], [steps, features] or [features]. Weights are named and
 * ordered as Keras orders them.
 */
import { OneginError } from '@onegin/contracts';
import type { CnnModelConfig, LstmModelConfig, ModelConfig, TrainingData } from '@onegin/contracts';
import { sizeOf, type NetworkPlan, type PlannedLayer, type WeightSpec } from './planned-layer.ts';

export * from './planned-layer.ts';

/** Keras's epsilon. Its momentum of 0.99 would still lag behind at the end of a short trial; 0.9 settles in 50 steps. */
const BATCH_NORM = { momentum: 0.9, epsilon: 1e-3 };

/** Largest network that is built at all: 4 bytes, and three times as much for the optimizer. */
const MAX_PARAMETERS = 200_000_000;

/**
 * Plans the network.
 * @param inputShape shape of one sample: [height, width, channels] for a CNN, [tokens per row] for an LSTM
 * @throws OneginError `network-impossible` naming the layer and the sizes
 */
export function planNetwork(model: ModelConfig, inputShape: readonly number[], classes: number): NetworkPlan {
  const wanted = model.kind === 'cnn' ? 3 : 1;
  if (inputShape.length !== wanted || inputShape.some((size) => !Number.isInteger(size) || size < 1))
    throw impossible(
      'input',
      `a ${model.kind === 'cnn' ? 'CNN reads images [height, width, channels]' : 'LSTM reads texts [tokens]'}, ` +
        `found inputs of shape [${inputShape.join(', ')}]`,
    );
  if (!Number.isInteger(classes) || classes < 2)
    throw impossible('output', `expected at least 2 classes to tell apart, found ${classes}`);
  const builder = new PlanBuilder();
  if (model.kind === 'cnn') planCnn(builder, model, [...inputShape]);
  else planLstm(builder, model, inputShape[0]!);
  planHead(builder, model, classes);
  return finish(builder, model, classes);
}

/** Plans the network for a data set. */
export function planForData(
  model: ModelConfig,
  data: Pick<TrainingData, 'kind' | 'shape' | 'classes'>,
): NetworkPlan {
  return planNetwork(model, data.shape, data.classes.length);
}

function planCnn(builder: PlanBuilder, model: CnnModelConfig, shape: number[]): void {
  builder.add({ type: 'input', id: 'input' }, shape);
  builder.add({ type: 'rescaling', id: 'rescaling', scale: 1 / 255 }, shape);
  for (let i = 1; i <= model.convLayers; i++) {
    const filters = Math.round(model.filters * model.filterGrowth ** (i - 1));
    planConvolution(builder, model, i, filters);
    if (model.batchNorm) {
      const names = ['gamma', 'beta', 'moving_mean', 'moving_variance'];
      const weights = names.map((name, at) => ({ name, shape: [filters], trainable: at < 2 }));
      builder.add({ type: 'batchNorm', id: `batch_norm_${i}`, ...BATCH_NORM }, builder.shape, weights);
    }
    // Every activation offered is monotone, so pooling first gives the same values for a quarter of the work.
    if (model.poolSize > 1) planPooling(builder, model.poolSize, i);
    builder.add({ type: 'activation', id: `activation_${i}`, activation: model.activation }, builder.shape);
  }
  const [height, width, channels] = builder.shape as [number, number, number];
  if (model.pooling === 'global')
    builder.add({ type: 'globalAveragePooling', id: 'global_average_pooling' }, [channels]);
  else builder.add({ type: 'flatten', id: 'flatten' }, [height * width * channels]);
}

function planConvolution(builder: PlanBuilder, model: CnnModelConfig, i: number, filters: number): void {
  const id = `conv_${i}`;
  const { kernelSize, padding } = model;
  const [height, width, channels] = builder.shape as [number, number, number];
  const cut = padding === 'valid' ? kernelSize - 1 : 0;
  if (height - cut < 1 || width - cut < 1)
    throw impossible(
      id,
      `a ${kernelSize} × ${kernelSize} kernel without padding does not fit its input of ${height} × ${width}`,
    );
  const useBias = !model.batchNorm;
  const weights = [
    { name: 'kernel', shape: [kernelSize, kernelSize, channels, filters], trainable: true },
    ...(useBias ? [{ name: 'bias', shape: [filters], trainable: true }] : []),
  ];
  builder.add(
    { type: 'conv2d', id, filters, kernelSize, padding, useBias },
    [height - cut, width - cut, filters],
    weights,
  );
}

function planPooling(builder: PlanBuilder, poolSize: number, i: number): void {
  const id = `max_pooling_${i}`;
  const [height, width, channels] = builder.shape as [number, number, number];
  if (height < poolSize || width < poolSize)
    throw impossible(
      id,
      `pooling by ${poolSize} × ${poolSize} would leave less than one pixel of its input of ${height} × ${width}`,
    );
  builder.add({ type: 'maxPooling', id, poolSize }, [
    Math.floor(height / poolSize),
    Math.floor(width / poolSize),
    channels,
  ]);
}

function planLstm(builder: PlanBuilder, model: LstmModelConfig, tokens: number): void {
  const steps = Math.min(tokens, model.sequenceLength);
  const { vocabularySize, embeddingSize, lstmUnits: units } = model;
  builder.add({ type: 'input', id: 'input' }, [steps]);
  builder.add(
    { type: 'embedding', id: 'embedding', vocabularySize, embeddingSize },
    [steps, embeddingSize],
    [{ name: 'embeddings', shape: [vocabularySize, embeddingSize], trainable: true }],
  );
  for (let i = 1; i <= model.lstmLayers; i++) {
    const features = builder.shape[1]!;
    const returnSequences = i < model.lstmLayers;
    const width = model.bidirectional ? 2 * units : units;
    const directions = model.bidirectional ? ['forward_', 'backward_'] : [''];
    builder.add(
      {
        type: model.bidirectional ? 'bidirectionalLstm' : 'lstm',
        id: `lstm_${i}`,
        units,
        returnSequences,
      },
      returnSequences ? [steps, width] : [width],
      directions.flatMap((direction) => lstmWeights(direction, features, units)),
    );
    planDropout(builder, model.dropout, `lstm_dropout_${i}`);
  }
}

const lstmWeights = (prefix: string, features: number, units: number): WeightSpec[] => [
  { name: `${prefix}kernel`, shape: [features, 4 * units], trainable: true },
  { name: `${prefix}recurrent_kernel`, shape: [units, 4 * units], trainable: true },
  { name: `${prefix}bias`, shape: [4 * units], trainable: true },
];

function planHead(builder: PlanBuilder, model: ModelConfig, classes: number): void {
  for (let i = 1; i <= model.denseLayers; i++) {
    planDense(builder, `dense_${i}`, model.denseUnits);
    builder.add(
      { type: 'activation', id: `dense_activation_${i}`, activation: model.activation },
      builder.shape,
    );
    planDropout(builder, model.dropout, `dropout_${i}`);
  }
  // Without a hidden layer a CNN would have no dropout at all.
  if (model.kind === 'cnn' && model.denseLayers === 0) planDropout(builder, model.dropout, 'dropout_1');
  planDense(builder, 'output', classes);
  builder.add({ type: 'activation', id: 'softmax', activation: 'softmax' }, builder.shape);
}

function planDense(builder: PlanBuilder, id: string, units: number): void {
  const weights = [
    { name: 'kernel', shape: [builder.shape[0]!, units], trainable: true },
    { name: 'bias', shape: [units], trainable: true },
  ];
  builder.add({ type: 'dense', id, units }, [units], weights);
}

function planDropout(builder: PlanBuilder, rate: number, id: string): void {
  if (rate > 0) builder.add({ type: 'dropout', id, rate }, builder.shape);
}

function finish(builder: PlanBuilder, model: ModelConfig, classes: number): NetworkPlan {
  const { layers } = builder;
  const parameterCount = layers.reduce((sum, layer) => sum + layer.parameters, 0);
  if (parameterCount > MAX_PARAMETERS) {
    const largest = layers.reduce((a, b) => (b.parameters > a.parameters ? b : a));
    throw impossible(
      largest.id,
      `it alone has ${largest.parameters.toLocaleString('en')} parameters, the network ` +
        `${parameterCount.toLocaleString('en')}; at most ${MAX_PARAMETERS.toLocaleString('en')} are built`,
    );
  }
  const trainable = layers
    .flatMap((layer) => layer.weights)
    .filter((weight) => weight.trainable)
    .reduce((sum, weight) => sum + sizeOf(weight.shape), 0);
  return {
    model,
    inputShape: layers[0]!.outputShape,
    classes,
    layers,
    parameterCount,
    trainableParameterCount: trainable,
  };
}

type WithoutShapes<L> = L extends PlannedLayer
  ? Omit<L, 'inputShape' | 'outputShape' | 'weights' | 'parameters'>
  : never;

class PlanBuilder {
  readonly layers: PlannedLayer[] = [];
  /** Output shape of the last layer so far. */
  shape: number[] = [];

  add(layer: WithoutShapes<PlannedLayer>, outputShape: readonly number[], weights: WeightSpec[] = []): void {
    const inputShape = this.layers.length === 0 ? [...outputShape] : this.shape;
    const parameters = weights.reduce((sum, weight) => sum + sizeOf(weight.shape), 0);
    this.layers.push({
      ...layer,
      inputShape,
      outputShape: [...outputShape],
      weights,
      parameters,
    } as PlannedLayer);
    this.shape = [...outputShape];
  }
}

const impossible = (layer: string, why: string): OneginError =>
  new OneginError('network-impossible', `This network cannot be built: layer ${layer}: ${why}.`);
