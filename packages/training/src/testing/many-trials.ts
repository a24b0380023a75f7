/**
 * `node --expose-gc many-trials.ts native|wasm TRIALS`: trains different small networks one after another in one
 * process and prints the resident megabytes after each, as JSON. For the test that memory stays flat.
 */
import { modelConfigFromParams } from '@onegin/contracts';
import { pickEngine } from '../engine/pick-engine.ts';
import { trainTrial } from '../loop/train-trial.ts';
import { tinyImages, tinyTexts } from './tiny-data.ts';

const [name, trials] = process.argv.slice(2) as ['native' | 'wasm', string];
const engine = await pickEngine({ device: 'cpu', engine: name });
const data = { cnn: tinyImages(1, 512), lstm: tinyTexts(1, 512) };
const megabytes: number[] = [];
for (let trial = 0; trial < Number(trials); trial++) {
  const wide = 16 + 8 * (trial % 4);
  const model =
    trial % 2 === 0
      ? modelConfigFromParams('cnn', { filters: wide, denseUnits: 64 * (1 + (trial % 3)) })
      : modelConfigFromParams('lstm', {
          vocabularySize: 4000,
          lstmUnits: wide,
          bidirectional: trial % 4 === 1,
        });
  await trainTrial({ engine, model, data: data[model.kind], epochs: 1, seed: trial });
  globalThis.gc?.();
  megabytes.push(process.memoryUsage.rss() / 1e6);
}
process.stdout.write(JSON.stringify({ megabytes, held: engine.held() }));
