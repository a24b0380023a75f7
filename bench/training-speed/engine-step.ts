/** `node engine-step.ts cnn|cnn-norm|lstm native|wasm [threads]`: prints milliseconds per step of the real training loop. */
import { modelConfigFromParams, RandomStream, type TrainingData } from '@onegin/contracts';
import { pickEngine, trainTrial } from '@onegin/training';

const [network, name, most] = process.argv.slice(2) as [
  'cnn' | 'cnn-norm' | 'lstm',
  'native' | 'wasm',
  string?,
];
const kind = network === 'lstm' ? 'lstm' : 'cnn';
const count = name === 'native' ? 8192 : 2048;
const stream = new RandomStream(1);

function part(size: number, classes: number) {
  const labels = Int32Array.from({ length: size }, () => stream.integer(classes));
  const image = () => Uint8Array.from({ length: size * 784 }, () => stream.integer(256));
  const text = () => Int32Array.from({ length: size * 100 }, () => 1 + stream.integer(9999));
  return { inputs: kind === 'cnn' ? image() : text(), labels, count: size };
}

const classes = kind === 'cnn' ? 10 : 2;
const data = {
  kind: kind === 'cnn' ? 'image' : 'text',
  shape: kind === 'cnn' ? [28, 28, 1] : [100],
  classes: Array.from({ length: classes }, (_, i) => String(i)),
  vocabulary: [],
  train: part(count, classes),
  validation: part(64, classes),
} as unknown as TrainingData;

const model =
  kind === 'cnn'
    ? modelConfigFromParams('cnn', { batchNorm: network === 'cnn-norm', dropout: 0.3 })
    : modelConfigFromParams('lstm', { dropout: 0 });
const engine = await pickEngine({
  device: 'cpu',
  modelKind: kind,
  engine: name,
  ...(most && { threads: Number(most) }),
});
// The first epoch warms the process up; samplesPerSecond leaves validation out.
const { metrics } = await trainTrial({ engine, model, data, epochs: 3, seed: 1 });
const rates = metrics!.epochs.slice(1).map(({ samplesPerSecond }) => samplesPerSecond);
console.log((1000 * model.batchSize) / Math.max(...rates));
