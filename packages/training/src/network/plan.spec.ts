import { describe, expect, it } from '@jest/globals';
import { modelConfigFromParams, OneginError, type Params } from '@onegin/contracts';
import { planNetwork } from './plan.ts';

const cnn = (params: Params, shape = [28, 28, 1], classes = 10) =>
  planNetwork(modelConfigFromParams('cnn', params), shape, classes);
const lstm = (params: Params, tokens = 500, classes = 2) =>
  planNetwork(modelConfigFromParams('lstm', params), [tokens], classes);

const refusal = (build: () => unknown): { code: string; message: string } => {
  try {
    build();
  } catch (error) {
    if (error instanceof OneginError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('expected a refusal');
};

describe('planNetwork, CNN', () => {
  it('gives the shapes and counts of the network in Keras', () => {
    const plan = cnn({ batchNorm: false, dropout: 0.3 });
    expect(plan.layers.map(({ id, outputShape, parameters }) => [id, outputShape, parameters])).toEqual([
      ['input', [28, 28, 1], 0],
      ['rescaling', [28, 28, 1], 0],
      ['conv_1', [28, 28, 32], 320],
      ['max_pooling_1', [14, 14, 32], 0],
      ['activation_1', [14, 14, 32], 0],
      ['conv_2', [14, 14, 64], 18_496],
      ['max_pooling_2', [7, 7, 64], 0],
      ['activation_2', [7, 7, 64], 0],
      ['flatten', [3136], 0],
      ['dense_1', [128], 401_536],
      ['dense_activation_1', [128], 0],
      ['dropout_1', [128], 0],
      ['output', [10], 1290],
      ['softmax', [10], 0],
    ]);
    expect(plan.parameterCount).toBe(421_642);
    expect(plan.trainableParameterCount).toBe(421_642);
  });

  it('counts moving statistics, but not as trainable', () => {
    const plan = cnn({ convLayers: 1, filters: 8, pooling: 'global', denseLayers: 0 });
    // kernel 72, batch norm 4 · 8, output 8 · 10 + 10
    expect(plan.parameterCount).toBe(72 + 32 + 90);
    expect(plan.trainableParameterCount).toBe(72 + 16 + 90);
  });

  it('rounds odd sizes down when pooling', () => {
    const shapes = cnn({ convLayers: 3 }).layers.map((layer) => layer.outputShape);
    expect(shapes).toContainEqual([3, 3, 128]);
  });

  it('refuses what would shrink below one pixel, naming layer and sizes', () => {
    expect(refusal(() => cnn({ convLayers: 5 }))).toEqual({
      code: 'network-impossible',
      message:
        'This network cannot be built: layer max_pooling_5: pooling by 2 × 2 would leave less than one pixel ' +
        'of its input of 1 × 1.',
    });
    expect(refusal(() => cnn({ convLayers: 3, padding: 'valid', kernelSize: 7 })).message).toMatch(
      /layer conv_3: a 7 × 7 kernel without padding does not fit its input of 2 × 2/,
    );
  });

  it('refuses a network of absurd size and inputs or classes that make no sense', () => {
    expect(refusal(() => cnn({ filters: 1024, filterGrowth: 4, convLayers: 4 })).message).toMatch(
      /parameters/,
    );
    expect(refusal(() => cnn({}, [28, 28])).message).toMatch(/layer input.*\[28, 28\]/);
    expect(refusal(() => cnn({}, [28, 28, 1], 1)).message).toMatch(/layer output.*found 1/);
  });
});

describe('planNetwork, LSTM', () => {
  it('gives the shapes and counts of the network in Keras', () => {
    const plan = lstm({
      lstmLayers: 2,
      bidirectional: true,
      lstmUnits: 16,
      embeddingSize: 8,
      vocabularySize: 1000,
    });
    expect(plan.layers.map(({ id, outputShape, parameters }) => [id, outputShape, parameters])).toEqual([
      ['input', [100], 0],
      ['embedding', [100, 8], 8000],
      ['lstm_1', [100, 32], 2 * (8 * 64 + 16 * 64 + 64)],
      ['lstm_dropout_1', [100, 32], 0],
      ['lstm_2', [32], 2 * (32 * 64 + 16 * 64 + 64)],
      ['lstm_dropout_2', [32], 0],
      ['output', [2], 66],
      ['softmax', [2], 0],
    ]);
  });

  it('reads no more steps than the texts have', () => {
    expect(lstm({ sequenceLength: 100 }, 40).inputShape).toEqual([40]);
  });
});
