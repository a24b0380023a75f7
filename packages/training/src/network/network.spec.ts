import { beforeAll, describe, expect, it } from '@jest/globals';
import { modelConfigFromParams, RandomStream, type ModelConfig } from '@onegin/contracts';
import type { Engine } from '../engine/engine.ts';
import { pickEngine } from '../engine/pick-engine.ts';
import { initialValues } from './initialize.ts';
import { Network, type Batch } from './network.ts';
import { planNetwork, type WeightSpec } from './plan.ts';

const cnn = (params = {}) => modelConfigFromParams('cnn', { filters: 3, denseUnits: 8, ...params });
const lstm = (params = {}) =>
  modelConfigFromParams('lstm', {
    vocabularySize: 30,
    sequenceLength: 7,
    embeddingSize: 5,
    lstmUnits: 4,
    ...params,
  });

const configs: [string, ModelConfig][] = [
  ['cnn, flatten, batch norm', cnn({ l2: 1e-2 })],
  [
    'cnn, global, bias, two dense, tanh',
    cnn({ batchNorm: false, pooling: 'global', denseLayers: 2, activation: 'tanh' }),
  ],
  [
    'cnn, valid 5 × 5, no dense, elu',
    cnn({ padding: 'valid', kernelSize: 5, denseLayers: 0, activation: 'elu', convLayers: 1 }),
  ],
  ['lstm', lstm({ l2: 1e-2 })],
  ['lstm, two layers, dense, sigmoid', lstm({ lstmLayers: 2, denseLayers: 1, activation: 'sigmoid' })],
  ['bidirectional lstm, two layers', lstm({ lstmLayers: 2, bidirectional: true })],
];

function batchFor(model: ModelConfig): Batch {
  const stream = new RandomStream(2);
  const size = 6;
  const labels = Int32Array.from({ length: size }, (_, i) => i % 3);
  if (model.kind === 'cnn')
    return {
      inputs: { images: Float32Array.from({ length: size * 144 }, () => stream.integer(256)) },
      labels,
      size,
    };
  return { inputs: { ids: Int32Array.from({ length: size * 7 }, () => stream.integer(30)) }, labels, size };
}

describe.each(['native', 'wasm'] as const)('Network on %s', (name) => {
  let engine: Engine;
  // Other engines of this process may hold tensors too.
  let heldBefore = 0;
  beforeAll(async () => {
    engine = await pickEngine({ device: 'cpu', engine: name });
    heldBefore = engine.held();
  });
  const build = (model: ModelConfig, seed = 1) =>
    new Network(planNetwork(model, model.kind === 'cnn' ? [12, 12, 1] : [7], 3), engine, seed);
  /** Engines share the batch's memory, so each use gets its own. */
  const fresh = (batch: Batch): Batch => structuredClone(batch);

  /** Mean loss with the L2 penalty, in training mode at step 5. */
  function loss(network: Network, batch: Batch): number {
    const { l2 } = network.plan.model;
    return engine.scope(() => {
      const { losses } = network.gradients(fresh(batch), 5);
      const penalty = network
        .weights()
        .filter(({ shape }) => shape.length > 1)
        .reduce((sum, { values }) => sum + l2 * values.reduce((s, v) => s + v * v, 0), 0);
      return losses.reduce((a, b) => a + b, 0) / batch.size + penalty;
    });
  }

  it.each(configs)('%s: the loss falls along its gradient as fast as the gradient says', (_name, model) => {
    const network = build(model);
    const batch = batchFor(model);
    const gradients = engine.scope(() =>
      network.gradients(fresh(batch), 5).gradients.map((gradient) => engine.ops.values(gradient)),
    );
    const square = gradients.reduce((sum, g) => sum + g.reduce((s, v) => s + v * v, 0), 0);
    const start = network.trainable.map(({ variable }) =>
      engine.scope(() => engine.ops.values(engine.read(variable))),
    );
    // A step this long changes the loss by about 1e-2, far above float32 rounding and short enough to stay linear.
    const length = 5e-3 / square;
    const at = (sign: number) => {
      network.trainable.forEach(({ variable }, i) =>
        engine.assign(
          variable,
          start[i]!.map((value, j) => value + sign * length * gradients[i]![j]!),
        ),
      );
      return loss(network, batch);
    };
    const slope = (at(1) - at(-1)) / (2 * length);
    expect(slope / square).toBeGreaterThan(0.98);
    expect(slope / square).toBeLessThan(1.02);
    network.dispose();
    expect(engine.held()).toBe(heldBefore);
  });

  it('predicts without dropout and with the moving statistics', () => {
    const network = build(cnn({ dropout: 0.5 }));
    const batch = batchFor(network.plan.model);
    const first = network.predict(fresh(batch));
    expect(network.predict(fresh(batch))).toEqual(first);
    const statistics = () => network.weights().filter(({ name: weight }) => weight.startsWith('moving'));
    const before = statistics();
    engine.scope(() => void network.gradients(fresh(batch), 1));
    expect(statistics()).not.toEqual(before);
    expect(network.predict(fresh(batch))).not.toEqual(first);
    network.dispose();
  });

  it('takes the weights of its like and refuses those of another', () => {
    const [a, b] = [build(cnn(), 1), build(cnn(), 2)];
    b.setWeights(a.weights());
    const batch = batchFor(a.plan.model);
    expect(b.predict(fresh(batch))).toEqual(a.predict(fresh(batch)));
    const other = build(cnn({ denseUnits: 9 }));
    expect(() => other.setWeights(a.weights())).toThrow(
      expect.objectContaining({ code: 'checkpoint-unfit' }),
    );
    for (const network of [a, b, other]) network.dispose();
  });
});

describe('initialValues', () => {
  const plan = planNetwork(cnn(), [12, 12, 1], 3);
  const dense = plan.layers.find(({ id }) => id === 'dense_1')!;
  const kernel: WeightSpec = { name: 'kernel', shape: [400, 100], trainable: true };
  const deviation = (values: Float32Array) =>
    Math.sqrt(values.reduce((s, v) => s + v * v, 0) / values.length);

  it.each([
    ['glorotUniform', Math.sqrt(2 / 500)],
    ['glorotNormal', Math.sqrt(2 / 500)],
    ['heUniform', Math.sqrt(2 / 400)],
    ['heNormal', Math.sqrt(2 / 400)],
    ['lecunNormal', Math.sqrt(1 / 400)],
  ] as const)('%s has the deviation of its paper', (initializer, expected) => {
    const values = initialValues(dense, kernel, initializer, 1);
    // 40,000 draws: the deviation's standard error is below half a percent.
    expect(deviation(values) / expected).toBeGreaterThan(0.98);
    expect(deviation(values) / expected).toBeLessThan(1.02);
    expect(initialValues(dense, kernel, initializer, 1)).toEqual(values);
    expect(initialValues(dense, kernel, initializer, 2)).not.toEqual(values);
  });

  it('makes recurrent kernels orthogonal and forget gates open', () => {
    const layer = planNetwork(lstm(), [7], 3).layers.find(({ id }) => id === 'lstm_1')!;
    const [, recurrent, bias] = layer.weights;
    const rows = initialValues(layer, recurrent!, 'glorotUniform', 1);
    for (let a = 0; a < 4; a++)
      for (let b = 0; b < 4; b++) {
        const product = Array.from({ length: 16 }, (_, c) => rows[a * 16 + c]! * rows[b * 16 + c]!);
        expect(product.reduce((p, q) => p + q)).toBeCloseTo(a === b ? 1 : 0, 5);
      }
    expect([...initialValues(layer, bias!, 'glorotUniform', 1)]).toEqual([
      0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0,
    ]);
  });
});
