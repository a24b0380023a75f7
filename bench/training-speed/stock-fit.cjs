// `node stock-fit.cjs cnn|lstm`: prints milliseconds per step of tfjs-node's own model.fit.
const util = require('node:util');
// tfjs-node 4.22 calls two functions that Node 23 removed.
util.isNullOrUndefined ??= (value) => value == null;
util.isArray ??= Array.isArray;
const tf = require('@tensorflow/tfjs-node');

const [kind] = process.argv.slice(2);
const count = kind === 'cnn' ? 2048 : 512;
const { layers } = tf;
const cnn = () => [
  layers.conv2d({ inputShape: [28, 28, 1], filters: 32, kernelSize: 3, padding: 'same', activation: 'relu' }),
  layers.maxPooling2d({ poolSize: 2 }),
  layers.conv2d({ filters: 64, kernelSize: 3, padding: 'same', activation: 'relu' }),
  layers.maxPooling2d({ poolSize: 2 }),
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
  const model = tf.sequential({ layers: kind === 'cnn' ? cnn() : lstm() });
  model.compile({ optimizer: tf.train.adam(1e-3), loss: 'sparseCategoricalCrossentropy' });
  const x =
    kind === 'cnn' ? tf.randomUniform([count, 28, 28, 1]) : tf.randomUniform([count, 100], 0, 10000, 'int32');
  const y = tf.randomUniform([count], 0, kind === 'cnn' ? 10 : 2, 'int32').toFloat();
  const epoch = async () => {
    const start = performance.now();
    await model.fit(x, y, { epochs: 1, batchSize: 64, verbose: 0 });
    return ((performance.now() - start) * 64) / count;
  };
  await epoch();
  console.log(Math.min(await epoch(), await epoch()));
}
void main();
