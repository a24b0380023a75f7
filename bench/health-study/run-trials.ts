/**
 * `node run-trials.ts DATASET TRIALS EPOCHS TRAIN_SAMPLES`: trains random points of the standard search space and
 * prints one JSON line per trial: accuracies, health metrics, and the accuracy under every corruption.
 */
import {
  HEALTH_METRICS,
  modelConfigFromParams,
  OneginError,
  standardSpace,
  streamOf,
  type DataPart,
  type ModelKind,
  type TrainingData,
} from '@onegin/contracts';
import { loadDataset } from '@onegin/datasets';
import { createSuggester } from '@onegin/search';
import { pickEngine, planForData, trainTrial } from '@onegin/training';
import { openPart } from '../../packages/training/src/loop/batches.ts';
import { evaluate } from '../../packages/training/src/loop/evaluate.ts';
import { Network } from '../../packages/training/src/network/network.ts';
import { corruptions } from './corrupt.ts';

const [name, trials, epochs, samples] = process.argv.slice(2) as [string, string, string, string];
const whole = await loadDataset(name, {
  cacheDir: new URL('../../.cache/data', import.meta.url).pathname,
  seed: 1,
});
const data = someSamples(whole, Number(samples));
const kind: ModelKind = data.kind === 'image' ? 'cnn' : 'lstm';
const engine = await pickEngine({ device: 'auto', modelKind: kind });
const tests = corruptions(data.kind).map(({ name: label, apply }) => ({ label, part: apply(data, 1) }));
const suggester = createSuggester({
  space: standardSpace(kind),
  directions: ['maximize'],
  sampler: { name: 'random' },
  seed: 1,
});

for (let number = 0; number < Number(trials); number++) {
  const { params } = suggester.suggest(number, []);
  const model = modelConfigFromParams(kind, params);
  try {
    const { metrics, weights } = await trainTrial({
      engine,
      model,
      data,
      epochs: Number(epochs),
      seed: number,
    });
    const plan = planForData(model, data);
    const network = new Network(plan, engine, 0);
    network.setWeights(weights);
    const accuracyOn = async (part: DataPart<Uint8Array> | DataPart<Int32Array>) =>
      (await evaluate(network, openPart({ ...data, test: part } as TrainingData, 'test', plan))).accuracy;
    const corrupted: Record<string, number> = {};
    for (const { label, part } of tests) corrupted[label] = await accuracyOn(part);
    const clean = await accuracyOn(data.test!);
    network.dispose();
    const health = Object.fromEntries(
      HEALTH_METRICS.map((metric) => [metric, metrics!.health[metric].value]),
    );
    print({
      number,
      epochs: Number(epochs),
      samples: data.train.count,
      validation: metrics!.validationAccuracy,
      clean,
      corrupted,
      health,
    });
  } catch (error) {
    if (!(error instanceof OneginError)) throw error;
    print({ number, failed: error.code });
  }
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** This many random samples of the training part. */
function someSamples(all: TrainingData, count: number): TrainingData {
  const size = all.shape.reduce((a, b) => a * b, 1);
  const order = Int32Array.from({ length: all.train.count }, (_, i) => i);
  const kept = streamOf(1, 'samples').shuffle(order).subarray(0, count);
  const inputs = all.train.inputs.slice(0, kept.length * size);
  kept.forEach((from, to) =>
    inputs.set(all.train.inputs.subarray(from * size, (from + 1) * size), to * size),
  );
  const labels = kept.map((index) => all.train.labels[index]!);
  return { ...all, train: { inputs, labels, count: kept.length } } as TrainingData;
}
