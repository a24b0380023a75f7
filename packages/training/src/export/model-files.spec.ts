import { beforeAll, describe, expect, test } from '@jest/globals';
import { streamOf } from '@onegin/contracts';
import * as tf from '@tensorflow/tfjs';
import { strFromU8, unzipSync } from 'fflate';
import type { Dataset, Group } from 'h5wasm';
import type { Engine } from '../engine/engine.ts';
import { pickEngine } from '../engine/pick-engine.ts';
import { SAMPLES, sampleNetwork, type SampleNetwork } from '../testing/sample-network.ts';
import { writeKerasFile } from './keras-file.ts';
import { writeTfjsModel } from './tfjs-model.ts';

let engine: Engine;
const networks: SampleNetwork[] = [];
beforeAll(async () => {
  engine = await pickEngine({ device: 'cpu' });
  for (let i = 0; i < 8; i++) {
    networks.push(sampleNetwork(engine, i % 2 ? 'lstm' : 'cnn', streamOf(3, 'exports', i)));
  }
});

const kerasFile = ({ plan, weights }: SampleNetwork): Promise<Uint8Array> =>
  writeKerasFile({ plan, weights, name: 'best model', savedAt: new Date('2026-05-04T13:02:01Z') });

/** Every array of an HDF5 file by its path. */
async function readHdf5(bytes: Uint8Array): Promise<Map<string, { shape: unknown; values: unknown }>> {
  const { File, ready } = await import('h5wasm');
  const { FS } = await ready;
  FS.writeFile('/read.h5', bytes);
  const found = new Map<string, { shape: unknown; values: unknown }>();
  const visit = (group: Group, path: string): void => {
    for (const name of group.keys()) {
      const child = group.get(name)!;
      if ('keys' in child) visit(child as Group, `${path}/${name}`);
      else {
        const { shape, value } = child as Dataset;
        found.set(`${path}/${name}`, { shape, values: value });
      }
    }
  };
  const file = new File('/read.h5', 'r');
  visit(file, '');
  file.close();
  return found;
}

describe('the .keras file', () => {
  test('is a zip of three stored members that say what Keras asks for', async () => {
    const { plan } = networks[0]!;
    const bytes = await kerasFile(networks[0]!);
    const methods: number[] = [];
    const members = unzipSync(bytes, { filter: ({ compression }) => methods.push(compression) > 0 });
    expect(Object.keys(members)).toEqual(['metadata.json', 'config.json', 'model.weights.h5']);
    expect(methods).toEqual([0, 0, 0]);
    expect(JSON.parse(strFromU8(members['metadata.json']!))).toMatchObject({
      date_saved: '2026-05-04@13:02:01',
    });
    const config = JSON.parse(strFromU8(members['config.json']!));
    expect(config).toMatchObject({
      module: 'keras',
      class_name: 'Sequential',
      config: { name: 'best_model' },
    });
    expect(config.config.layers.map((layer: { config: { name: string } }) => layer.config.name)).toEqual(
      plan.layers.map(({ id }) => id),
    );
    expect(config.config.layers[0]).toMatchObject({
      class_name: 'InputLayer',
      config: { batch_shape: [null, ...plan.inputShape], dtype: 'float32' },
    });
  });

  test('holds every weight with its shape and values, where Keras looks for it', async () => {
    for (const network of networks) {
      const members = unzipSync(await kerasFile(network));
      const arrays = await readHdf5(members['model.weights.h5']!);
      expect(arrays.size).toBe(network.weights.length);
      const keys = new Set([...arrays.keys()].map((path) => path.split('/')[2]));
      expect(keys.size).toBe(network.plan.layers.filter((layer) => layer.weights.length > 0).length);
      const outputPath = [...arrays.keys()]
        .filter((path) => /^\/layers\/dense(_\d+)?\/vars\/0$/.test(path))
        .at(-1)!;
      const { shape, values } = network.weights.findLast(({ name }) => name === 'kernel')!;
      expect(arrays.get(outputPath)).toEqual({ shape, values });
    }
  });

  test('weights of another network are refused by name', async () => {
    const [{ plan }, { weights }] = networks as [SampleNetwork, SampleNetwork];
    await expect(writeKerasFile({ plan, weights, name: 'x', savedAt: new Date() })).rejects.toThrow(
      /cannot be exported: expected .*kernel.*, found embedding\/embeddings/,
    );
  });
});

describe('the TF.js model', () => {
  test('loads strictly and predicts what the engine predicts', async () => {
    await tf.setBackend('cpu');
    for (const { plan, weights, inputs, outputs } of networks) {
      const { modelJson, weights: bytes } = writeTfjsModel(plan, weights, 'best');
      const { modelTopology, weightsManifest } = JSON.parse(modelJson);
      const weightSpecs = weightsManifest[0].weights;
      const weightData = bytes.buffer as ArrayBuffer;
      const model = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
      const shape = [SAMPLES, ...plan.inputShape];
      const x = tf.tensor(inputs, shape, inputs instanceof Int32Array ? 'int32' : 'float32');
      const predicted = (model.predict(x) as tf.Tensor).dataSync();
      const differences = outputs.map((value, i) => Math.abs(value - predicted[i]!));
      expect(Math.max(...differences)).toBeLessThan(1e-5);
      tf.dispose([x]);
      model.dispose();
    }
  });
});
