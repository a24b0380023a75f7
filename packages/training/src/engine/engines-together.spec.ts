import { describe, expect, it } from '@jest/globals';
import { modelConfigFromParams } from '@onegin/contracts';
import { trainTrial } from '../loop/train-trial.ts';
import { tinyImages } from '../testing/tiny-data.ts';
import { pickEngine } from './pick-engine.ts';

describe('the engines together', () => {
  it.each(['sgd', 'rmsprop', 'adam', 'adamw'] as const)(
    '%s: without dropout they take the same steps, and go on from each other’s checkpoint',
    async (optimizer) => {
      const params = {
        filters: 4,
        denseUnits: 16,
        batchSize: 32,
        dropout: 0,
        l2: 1e-4,
        optimizer,
        learningRate: 1e-3,
      };
      const options = { model: modelConfigFromParams('cnn', params), data: tinyImages(), epochs: 3, seed: 3 };
      const [native, wasm] = [
        await pickEngine({ device: 'cpu', engine: 'native' }),
        await pickEngine({ device: 'cpu', engine: 'wasm' }),
      ];
      const onNative = await trainTrial({ ...options, engine: native });
      const onWasm = await trainTrial({ ...options, engine: wasm });
      const paused = await trainTrial({ ...options, engine: native, onEpoch: () => 'pause' });
      const moved = await trainTrial({ ...options, engine: wasm, checkpoint: paused.checkpoint });
      onNative.metrics!.epochs.forEach(({ trainLoss, validationLoss }, i) => {
        for (const other of [onWasm, moved]) {
          // 18 steps of float32 rounding, which Adam's division amplifies.
          expect(Math.abs(other.metrics!.epochs[i]!.trainLoss - trainLoss)).toBeLessThan(2e-3);
          expect(Math.abs(other.metrics!.epochs[i]!.validationLoss - validationLoss)).toBeLessThan(2e-3);
        }
      });
    },
    120_000,
  );
});
