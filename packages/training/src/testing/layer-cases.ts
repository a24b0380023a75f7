/** The layers that the gradient contract checks: every kind, with the shapes where kernels tend to go wrong. */
import type { Activation } from '@onegin/contracts';
import type { Padding } from '../engine/engine.ts';
import type { PlannedLayer, WeightSpec } from '../network/plan.ts';

export interface LayerCase {
  name: string;
  planned: PlannedLayer;
  /** What runs as one operation with it. */
  then?: PlannedLayer[];
  /** With the batch, as the engine sees it: time-major for sequences. */
  input: number[];
  output: number[];
  /** Token ids below this, instead of numbers. */
  ids?: number;
  /** Whether the layer has points without a slope. */
  kinked?: boolean;
}

const weight = (name: string, shape: number[], trainable = true): WeightSpec => ({ name, shape, trainable });
/** What the plan would add, and no layer reads at run time. */
const rest = { parameters: 0, inputShape: [] as number[], outputShape: [] as number[] };

function conv(
  size: number,
  kernel: number,
  cin: number,
  cout: number,
  padding: Padding,
  useBias: boolean,
): LayerCase {
  const out = padding === 'same' ? size : size - kernel + 1;
  const weights = [
    weight('kernel', [kernel, kernel, cin, cout]),
    ...(useBias ? [weight('bias', [cout])] : []),
  ];
  return {
    name: `conv2d ${kernel} × ${kernel}, ${cin} → ${cout}, ${padding}${useBias ? '' : ', no bias'}`,
    planned: {
      ...rest,
      type: 'conv2d',
      id: 'c',
      filters: cout,
      kernelSize: kernel,
      padding,
      useBias,
      weights,
    },
    input: [3, size, size, cin],
    output: [3, out, out, cout],
  };
}

/** What ends a block. */
const end = (poolSize: number): PlannedLayer[] => [
  ...(poolSize > 1 ? [{ ...rest, type: 'maxPooling' as const, id: 'p', poolSize, weights: [] }] : []),
  { ...rest, type: 'activation', id: 'a', activation: 'relu', weights: [] },
];

/** A convolution with max pooling and ReLU. */
function block(
  size: number,
  kernel: number,
  cin: number,
  cout: number,
  padding: Padding,
  poolSize: number,
): LayerCase {
  const one = conv(size, kernel, cin, cout, padding, padding === 'same');
  const side = Math.floor(one.output[1]! / poolSize);
  return {
    ...one,
    name: `${one.name}, pooled by ${poolSize}, relu`,
    then: end(poolSize),
    output: [3, side, side, cout],
    kinked: true,
  };
}

/** Batch normalization, with max pooling and ReLU where a pool is given. */
function norm(size: number, channels: number, poolSize?: number): LayerCase {
  const side = Math.floor(size / (poolSize ?? 1));
  return {
    name: `batchNorm of ${channels}${poolSize ? `, pooled by ${poolSize}, relu` : ''}`,
    planned: {
      ...rest,
      type: 'batchNorm',
      id: 'b',
      momentum: 0.9,
      epsilon: 1e-3,
      weights: [
        weight('gamma', [channels]),
        weight('beta', [channels]),
        weight('moving_mean', [channels], false),
        weight('moving_variance', [channels], false),
      ],
    },
    ...(poolSize && { then: end(poolSize), kinked: true }),
    input: [4, size, size, channels],
    output: [4, side, side, channels],
  };
}

function pool(height: number, width: number, channels: number, poolSize: number): LayerCase {
  return {
    name: `maxPooling ${poolSize} × ${poolSize} on ${height} × ${width} × ${channels}`,
    planned: { ...rest, type: 'maxPooling', id: 'p', poolSize, weights: [] },
    input: [2, height, width, channels],
    output: [2, Math.floor(height / poolSize), Math.floor(width / poolSize), channels],
    kinked: true,
  };
}

function lstm(
  steps: number,
  features: number,
  units: number,
  bidirectional: boolean,
  returnSequences: boolean,
): LayerCase {
  const weights = (bidirectional ? ['forward_', 'backward_'] : ['']).flatMap((prefix) => [
    weight(`${prefix}kernel`, [features, 4 * units]),
    weight(`${prefix}recurrent_kernel`, [units, 4 * units]),
    weight(`${prefix}bias`, [4 * units]),
  ]);
  const width = bidirectional ? 2 * units : units;
  return {
    name: `${bidirectional ? 'bidirectional ' : ''}lstm, ${steps} steps, ${returnSequences ? 'all' : 'last'} output`,
    planned: {
      ...rest,
      type: bidirectional ? 'bidirectionalLstm' : 'lstm',
      id: 'l',
      units,
      returnSequences,
      weights,
    },
    input: [steps, 3, features],
    output: returnSequences ? [steps, 3, width] : [3, width],
  };
}

const activation = (kind: Activation): LayerCase => ({
  name: `activation ${kind}`,
  planned: { ...rest, type: 'activation', id: 'a', activation: kind, weights: [] },
  input: [5, 7],
  output: [5, 7],
  // SELU's two sides meet with slopes 1.05 and 1.76; ELU's and the others' are smooth.
  kinked: kind === 'relu' || kind === 'selu',
});

export const layerCases: LayerCase[] = [
  {
    name: 'rescaling',
    planned: { ...rest, type: 'rescaling', id: 'r', scale: 1 / 255, weights: [] },
    input: [2, 3, 3, 1],
    output: [2, 3, 3, 1],
  },
  conv(6, 3, 2, 4, 'same', true),
  conv(6, 3, 3, 2, 'valid', true),
  conv(7, 5, 3, 4, 'same', false),
  conv(5, 1, 3, 3, 'same', true),
  conv(6, 2, 1, 3, 'same', true),
  conv(6, 4, 3, 1, 'valid', false),
  // From 8 channels on a 3 × 3 kernel has an algorithm of its own.
  conv(5, 3, 8, 17, 'same', true),
  conv(7, 3, 20, 5, 'valid', false),
  block(6, 3, 1, 4, 'same', 2),
  block(7, 3, 9, 18, 'same', 2),
  block(8, 3, 16, 3, 'valid', 3),
  block(5, 3, 8, 8, 'same', 1),
  block(7, 5, 2, 6, 'same', 2),
  block(6, 2, 3, 5, 'valid', 1),
  norm(3, 5),
  norm(6, 3, 2),
  norm(7, 18, 3),
  pool(4, 4, 1, 2),
  pool(6, 6, 3, 2),
  pool(7, 5, 4, 2),
  pool(9, 7, 2, 3),
  ...(['relu', 'elu', 'selu', 'tanh', 'sigmoid'] as const).map(activation),
  {
    name: 'globalAveragePooling',
    planned: { ...rest, type: 'globalAveragePooling', id: 'g', inputShape: [3, 5, 4], weights: [] },
    input: [2, 3, 5, 4],
    output: [2, 4],
  },
  {
    name: 'flatten',
    planned: { ...rest, type: 'flatten', id: 'f', inputShape: [3, 2, 4], outputShape: [24], weights: [] },
    input: [2, 3, 2, 4],
    output: [2, 24],
  },
  {
    name: 'dense',
    planned: {
      ...rest,
      type: 'dense',
      id: 'd',
      units: 4,
      weights: [weight('kernel', [6, 4]), weight('bias', [4])],
    },
    input: [5, 6],
    output: [5, 4],
  },
  {
    name: 'dropout',
    planned: { ...rest, type: 'dropout', id: 'dropout', rate: 0.4, weights: [] },
    input: [6, 8],
    output: [6, 8],
  },
  {
    name: 'embedding',
    planned: {
      ...rest,
      type: 'embedding',
      id: 'e',
      vocabularySize: 7,
      embeddingSize: 3,
      weights: [weight('embeddings', [7, 3])],
    },
    input: [6, 4],
    output: [6, 4, 3],
    ids: 7,
  },
  lstm(1, 3, 4, false, false),
  lstm(6, 3, 4, false, false),
  lstm(5, 4, 2, false, true),
  lstm(5, 3, 4, true, false),
  lstm(5, 3, 4, true, true),
];
