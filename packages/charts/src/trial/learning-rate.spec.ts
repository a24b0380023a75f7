import { describe, expect, it } from '@jest/globals';
import { axesOf, seriesNamed, seriesOf, valuesOf } from '../testing/read-option.ts';
import { sampleTrialMetrics } from '../testing/sample-trial.ts';
import { testView } from '../testing/test-view.ts';
import { learningRateData, learningRateOption } from './learning-rate.ts';

const base = sampleTrialMetrics({ epochs: 1, layers: ['a', 'b', 'c'] }).epochs[0]!;
const epochs = (rates: number[], ratios: (number | null)[] = []) =>
  rates.map((learningRate, i) => ({
    ...base,
    epoch: i + 1,
    learningRate,
    layers: base.layers.slice(0, ratios.length).map((layer, j) => ({ ...layer, updateRatio: ratios[j]! })),
  }));

describe('learning rate', () => {
  it('takes a logarithmic axis where the rate falls far', () => {
    expect(learningRateData({ epochs: epochs([0.01, 0.009]) }).log).toBe(false);
    const data = learningRateData({ epochs: epochs([0.01, 0.0001]) });
    expect(data.log).toBe(true);
    expect(data.summary).toBe('Between 1e-4 and 0.01.');
    expect(axesOf(learningRateOption(data, testView), 'yAxis')[0]!['type']).toBe('log');
  });

  it('stays linear where a schedule ends at 0', () => {
    expect(learningRateData({ epochs: epochs([0.01, 0]) }).log).toBe(false);
  });

  it('shows the median update ratio of the layers beside it', () => {
    const data = learningRateData({ epochs: epochs([0.01], [0.001, null, 0.003]) });
    expect(data.updateRatios).toEqual([0.002]);
    expect(valuesOf(seriesNamed(learningRateOption(data, testView), 'Update ratio'))).toEqual([[1, 0.002]]);
  });

  it('has one panel where no layer has a ratio', () => {
    const option = learningRateOption(learningRateData({ epochs: epochs([0.01, 0.01]) }), testView);
    expect(seriesOf(option).map(({ name }) => name)).toEqual(['Learning rate']);
    expect(learningRateData({ epochs: epochs([0.01, 0.01]) }).summary).toBe('Constant at 0.01.');
  });

  it('states what would be here', () => {
    expect(learningRateData({ epochs: [] }).empty).toMatch(/none has ended yet/);
  });
});
