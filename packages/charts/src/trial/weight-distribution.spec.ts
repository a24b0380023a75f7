import { describe, expect, it } from '@jest/globals';
import { axesOf, numbersIn, seriesOf, textsOf } from '../testing/read-option.ts';
import { sampleTrialMetrics } from '../testing/sample-trial.ts';
import { testView } from '../testing/test-view.ts';
import { weightDistributionData, weightDistributionOption } from './weight-distribution.ts';

const histogram = (epoch: number, layer: string, counts: number[], low = -1, high = 1) => ({
  epoch,
  layer,
  weights: { low, high, counts },
  activations: null,
});

describe('weight distribution', () => {
  it('is a density: the area is 1 however many weights there are', () => {
    const [layer] = weightDistributionData({ histograms: [histogram(1, 'conv_1', [1, 3], -1, 1)] }).layers;
    expect(layer!.densities).toEqual([
      {
        epoch: 1,
        steps: [
          [-1, 0],
          [-1, 0.25],
          [0, 0.25],
          [0, 0.75],
          [1, 0.75],
          [1, 0],
        ],
      },
    ]);
    expect(layer!.range).toEqual([-1, 1]);
  });

  it('shows first, middle and last epoch of each layer in a panel of its own', () => {
    const data = weightDistributionData(sampleTrialMetrics({ epochs: 9, layers: ['a', 'b'] }));
    expect(data.layers.map(({ layer, densities }) => [layer, densities.map(({ epoch }) => epoch)])).toEqual([
      ['a', [1, 5, 9]],
      ['b', [1, 5, 9]],
    ]);
    const option = weightDistributionOption(data, testView);
    expect(seriesOf(option).map(({ xAxisIndex }) => xAxisIndex)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(axesOf(option, 'xAxis')).toHaveLength(2);
    expect(textsOf(option)).toContain('{name|b}');
  });

  it('draws a layer whose weights are all equal, and leaves out empty ones', () => {
    const data = weightDistributionData({
      histograms: [histogram(1, 'bias', [7], 0, 0), histogram(1, 'none', [0, 0])],
    });
    expect(data.layers.map(({ layer }) => layer)).toEqual(['bias']);
    expect(numbersIn(data).every(Number.isFinite)).toBe(true);
  });

  it('draws twelve of two hundred layers and says so', () => {
    const histograms = Array.from({ length: 200 }, (_, i) => histogram(1, `conv_${i}`, [1, 2]));
    const data = weightDistributionData({ histograms });
    expect(data.layers).toHaveLength(12);
    expect(data.note).toBe('12 of 200 layers drawn, evenly chosen.');
    expect(weightDistributionData({ histograms: [] }).empty).toMatch(/none has ended yet/);
  });
});
