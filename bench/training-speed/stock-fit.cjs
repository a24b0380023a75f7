// `node stock-fit.cjs cnn|cnn-norm|lstm`: prints milliseconds per step of tfjs-node's own model.fit.
const util = require('node:util');
// tfjs-node 4.22 calls two functions that Node 23 removed.
util.isNullOrUndefined ??= (value) => value == null;
util.isArray ??= Array.isArray;
const tf = require('@tensorflow/tfjs-node');

const [kind] = process.argv.slice(2);
const images = kind !== 'lstm';
const count = images ? 2048 : 512;
const { layers } = tf;
const convolution = (filters, inputShape) => {
  const common = { inputShape, filters, kernelSize: 3, padding: 'same' };
  const pool = layers.maxPooling2d({ poolSize: 2 });
  if (kind === 'cnn') return [layers.conv2d({ ...common, activation: 'relu' }), pool];
  const norm = layers.batchNormalization();
  return [
    layers.conv2d({ ...common, useBias: false }),
    norm,
    pool,
    layers.activation({ activation: 'relu' }),
  ];
};
const cnn = () => [
  ...convolution(32, [28, 28, 1]),
  ...convolution(64),
  layers.flatten(),
  layers.dense({ units: 128, activation: 'relu' }),
  layers.dropout({ rate: 0.3 }),
  layers.dense({ units: 10, activation: 'softmax' }),
];
const lstm = () => [
  layers.embedding({ inputDim: 10000, outputDim: 64, inputLength: 100 }),
  layers.lstm({ units: 64, recurrentActivation: 'sigmoid' }),
  layers.dense({ units: 2, activation: 'softmax' }),
];

async function main() {
  const model = tf.sequential({ layers: images ? cnn() : lstm() });
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'sparseCategoricalCrossentropy' });
  const x = images ? tf.randomUniform([count, 28, 28, 1]) : tf.randomUniform([count, 100], 0, 10000, 'int32');
  const y = tf.randomUniform([count], 0, images ? 10 : 2, 'int32').toFloat();
  const epoch = async () => {
    const start = performance.now();
    await model.fit(x, y, { epochs: 1, batchSize: 64, verbose: 0 });
    return ((performance.now() - start) * 64) / count;
  };
  await epoch();
  console.log(Math.min(await epoch(), await epoch()));
}
void main();
