/** `node train-one.ts ENGINE SEED EPOCHS SAMPLES`: trains the default CNN on mnist-10k, prints its validation accuracy. */
import { modelConfigFromParams, type ImageTrainingData } from '@onegin/contracts';
import { loadDataset } from '@onegin/datasets';
import { pickEngine, trainTrial } from '@onegin/training';

const [engineName, ...numbers] = process.argv.slice(2) as ['native' | 'wasm', ...string[]];
const [seed, epochs, samples] = numbers.map(Number) as [number, number, number];
const cacheDir = new URL('../../.cache/data', import.meta.url).pathname;
const data = (await loadDataset('mnist-10k', { cacheDir, seed: 1 })) as ImageTrainingData;
// Every k-th sample: the parts lie in no random order.
const every = Math.max(1, Math.floor(data.train.count / samples));
const kept = Array.from({ length: Math.min(samples, data.train.count) }, (_, i) => i * every);
const train = {
  inputs: Uint8Array.from(
    kept.flatMap((i) => Array.from(data.train.inputs.subarray(i * 784, (i + 1) * 784))),
  ),
  labels: Int32Array.from(kept, (i) => data.train.labels[i]!),
  count: kept.length,
};
const engine = await pickEngine({ device: 'cpu', modelKind: 'cnn', engine: engineName });
const model = modelConfigFromParams('cnn', {});
const { metrics } = await trainTrial({ engine, model, data: { ...data, train }, epochs, seed });
const { epochs: history } = metrics!;
process.stdout.write(
  JSON.stringify({
    accuracy: metrics!.validationAccuracy,
    losses: history.map(({ trainLoss }) => trainLoss),
  }),
);
