import {
  architectureSchema,
  datasetInfoExamples,
  hyperparameterFields,
  LAYER_TYPES,
  rampColor,
  VIRIDIS,
  modelConfigFromParams,
  trialMetricsExamples,
  type ModelConfig,
} from '@onegin/contracts';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { planNetwork } from '../network/plan.ts';
import { architectureOf } from '../network/architecture-data.ts';
import { writeHyperparametersYaml } from './hyperparameters-yaml.ts';
import { writeModelCard } from './model-card.ts';
import { writeVocabulary } from './vocabulary-file.ts';

const cnn = modelConfigFromParams('cnn', { pooling: 'global' });
const lstm = modelConfigFromParams('lstm', { bidirectional: true, denseLayers: 1 });
const planOf = (model: ModelConfig) => planNetwork(model, model.kind === 'cnn' ? [28, 28, 1] : [100], 10);

describe('3.4: architecture data', () => {
  test.each([
    ['cnn', cnn],
    ['cnn with flatten', modelConfigFromParams('cnn', { batchNorm: false })],
    ['lstm', modelConfigFromParams('lstm', {})],
    ['bidirectional lstm', lstm],
  ])('of a %s follows the contract and adds up', (_, model) => {
    const plan = planOf(model);
    const data = architectureSchema.parse(architectureOf(plan, { accuracy: 0.97, health: null }));
    expect(data.layers.map(({ id }) => id)).toEqual(plan.layers.map(({ id }) => id));
    expect(data.layers.reduce((sum, layer) => sum + layer.parameters, 0)).toBe(data.totals.parameters);
    expect(data.cytoscape.edges).toHaveLength(data.cytoscape.nodes.length - 1);
    for (const [i, { data: edge }] of data.cytoscape.edges.entries()) {
      const [source, target] = [plan.layers[i]!, plan.layers[i + 1]!];
      expect(edge).toMatchObject({ source: source.id, target: target.id });
      expect(edge.tensorShape).toBe(source.outputShape.join(' × '));
    }
    // From the input to the output along z, without boxes inside each other.
    for (const [i, layer] of data.layers.entries()) {
      const next = data.layers[i + 1];
      if (next) expect(next.zPosition - next.depth / 2).toBeGreaterThan(layer.zPosition + layer.depth / 2);
      expect(Math.max(layer.width, layer.height)).toBeLessThanOrEqual(10.0001);
      expect(Math.min(layer.width, layer.height, layer.depth)).toBeGreaterThan(0);
    }
  });

  test('the layer with most parameters has the strongest colour, one without any has none', () => {
    const plan = planOf(cnn);
    const { layers } = architectureOf(plan);
    const most = plan.layers.reduce((a, b) => (b.parameters > a.parameters ? b : a));
    expect(layers.find(({ id }) => id === most.id)!.colorIntensity).toBe(1);
    expect(
      layers.filter(({ parameters }) => parameters === 0).every((layer) => layer.colorIntensity === 0),
    ).toBe(true);
  });

  test('together the two kinds of network show every layer type', () => {
    const flat = modelConfigFromParams('cnn', {});
    const plans = [cnn, flat, lstm, modelConfigFromParams('lstm', {})].map(planOf);
    const types = new Set(plans.flatMap((plan) => architectureOf(plan).layers.map(({ type }) => type)));
    expect([...types].sort()).toEqual([...LAYER_TYPES].sort());
  });

  test('scores lie on the scale that everything is coloured by', () => {
    const { performance } = architectureOf(planOf(cnn), { accuracy: 1, health: 0.5 });
    expect(performance).toMatchObject({
      performanceColor: VIRIDIS.at(-1),
      healthColor: rampColor(VIRIDIS, 0.5),
    });
    expect(architectureOf(planOf(cnn), { accuracy: 1, health: null }).performance?.healthColor).toBeNull();
  });
});

describe('best_hyperparameters.yaml', () => {
  const write = (model: ModelConfig): string =>
    writeHyperparametersYaml({
      model,
      dataset: 'mnist-10k',
      epochs: 20,
      seed: 1,
      trial: 7,
      scores: { validation_accuracy: 0.99 },
    });

  test('use_global_pooling is followed by use_flattening, and one of them is true', () => {
    expect(write(cnn)).toMatch(/\nuse_global_pooling: true\nuse_flattening: false\n/);
    expect(write(modelConfigFromParams('cnn', {}))).toMatch(
      /\nuse_global_pooling: false\nuse_flattening: true\n/,
    );
    expect(write(lstm)).not.toMatch(/flattening/);
  });

  test.each([cnn, lstm])('holds every parameter with its value', (model) => {
    const read = parse(write(model));
    expect(read).toMatchObject({
      dataset: 'mnist-10k',
      trial: 7,
      epochs: 20,
      seed: 1,
      scores: { validation_accuracy: 0.99 },
    });
    for (const { name, value } of hyperparameterFields(model)) expect(read[name]).toBe(value);
    const expected = Object.keys(model).length + (model.kind === 'cnn' ? 1 : 0);
    expect(Object.keys(read)).toHaveLength(expected + 5);
  });
});

test('vocabulary.txt has the word of id k in line k + 1, as far as the model knows it', () => {
  const model = modelConfigFromParams('lstm', { vocabularySize: 4 });
  if (model.kind !== 'lstm') throw new Error('expected an LSTM');
  const vocabulary = ['<pad>', '<unknown>', 'the', 'to', 'rare'];
  expect(writeVocabulary({ vocabulary }, model)).toBe('<pad>\n<unknown>\nthe\nto\n');
});

describe('the model card', () => {
  const metrics = trialMetricsExamples[0]!;
  const write = (model: ModelConfig, extra = {}): string =>
    writeModelCard({
      name: 'best',
      dataset: { ...datasetInfoExamples[0]!, ...extra },
      plan: planOf(model),
      metrics,
      epochs: 20,
      testAccuracy: 0.9612,
      createdAt: new Date('2026-05-04T13:02:01Z'),
      origin: { jobId: 'job-1', trial: 7 },
    });

  test('tells data, scores, health, layers, and how to load it in both worlds', () => {
    const card = write(cnn);
    for (const part of [
      'trial 7 of study job-1, 2026-05-04',
      '54000 for training',
      '| Test accuracy | 96.12% |',
      `| Validation accuracy | ${(100 * metrics.validationAccuracy).toFixed(2)}% |`,
      '| Gradient health | 0.970 |',
      '| Accuracy consistency | not known: the validation part has fewer than 100 samples |',
      '| conv_1 | Conv2D 32, 3 × 3 | 28 × 28 × 32 |',
      'keras.models.load_model("best.keras")',
      "tf.loadLayersModel('tfjs/model.json')",
      '[batch, 28, 28, 1], pixels 0 to 255',
    ]) {
      expect(card).toContain(part);
    }
    expect(card).not.toContain('synthetic');
    expect(card).not.toMatch(/undefined|null|NaN/);
  });

  test('says how to make inputs for a text model, and that drawn data is synthetic', () => {
    const card = write(lstm, { synthetic: true });
    expect(card).toContain('Token ids as int32 of shape [batch, 100]: 0 is padding');
    expect(card).toContain('**The data is synthetic');
  });
});
