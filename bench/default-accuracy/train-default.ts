/** `node train-default.ts DATASET EPOCHS SEED`: trains the architecture's defaults, prints accuracies per epoch. */
import { modelConfigFromParams } from '@onegin/contracts';
import { loadDataset } from '@onegin/datasets';
import { pickEngine, trainTrial } from '@onegin/training';

const [dataset, epochs, seed] = process.argv.slice(2) as [string, string, string];
const cacheDir = new URL('../../.cache/data', import.meta.url).pathname;
const data = await loadDataset(dataset, { cacheDir, seed: 1 });
const kind = data.kind === 'image' ? 'cnn' : 'lstm';
const engine = await pickEngine({ device: 'auto', modelKind: kind });
const model = modelConfigFromParams(kind, {});
const { metrics } = await trainTrial({ engine, model, data, epochs: Number(epochs), seed: Number(seed) });
process.stdout.write(JSON.stringify(metrics!.epochs.map(({ validationAccuracy }) => validationAccuracy)));
