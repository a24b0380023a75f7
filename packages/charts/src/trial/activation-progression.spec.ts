import { describe, expect, it } from '@jest/globals';
import { seriesOf, tooltipOf, valuesOf } from '../testing/read-option.ts';
import { sampleTrialMetrics } from '../testing/sample-trial.ts';
import { testView } from '../testing/test-view.ts';
import { activationProgressionData, activationProgressionOption } from './activation-progression.ts';

const base = sampleTrialMetrics({ epochs: 2, layers: ['conv_1'] });
const measured = (rows: [number | null, number | null][]) => ({
  epochs: rows.map(([activationMean, activationStd], i) => ({
    ...base.epochs[0]!,
    epoch: i + 1,
    layers: [{ ...base.epochs[0]!.layers[0]!, activationMean, activationStd }],
  })),
});

describe('activation progression', () => {
  it('draws a band of one standard deviation around the mean', () => {
    const option = activationProgressionOption(
      activationProgressionData(
        measured([
          [0.5, 0.2],
          [0.6, 0.1],
        ]),
      ),
      testView,
    );
    const [lower, height, mean] = seriesOf(option);
    expect(valuesOf(lower!)).toEqual([
      [1, 0.3],
      [2, 0.5],
    ]);
    expect(valuesOf(height!)).toEqual([
      [1, 0.4],
      [2, 0.2],
    ]);
    expect(lower!['stack']).toBe(height!['stack']);
    expect(valuesOf(mean!)).toEqual([
      [1, 0.5],
      [2, 0.6],
    ]);
  });

  it('has gaps where an epoch was not measured', () => {
    const option = activationProgressionOption(
      activationProgressionData(
        measured([
          [0.5, null],
          [Number.NaN, 0.1],
        ]),
      ),
      testView,
    );
    const [lower, , mean] = seriesOf(option);
    expect(valuesOf(lower!)).toEqual([
      [1, null],
      [2, null],
    ]);
    expect(valuesOf(mean!)).toEqual([
      [1, 0.5],
      [2, null],
    ]);
  });

  it('names layer and epoch in the tooltip, as text', () => {
    const metrics = sampleTrialMetrics({ epochs: 2, layers: ['<img src=x>'] });
    const option = activationProgressionOption(activationProgressionData(metrics), testView);
    expect(tooltipOf(option, [{ axisValue: 2, axisIndex: 0 }])).toMatch(
      /^<strong>&lt;img src=x&gt;, epoch 2<\/strong><br>mean 0\.\d+/,
    );
  });

  it('draws a part of many layers and epochs', () => {
    const layers = Array.from({ length: 50 }, (_, i) => `conv_${i}`);
    const data = activationProgressionData(sampleTrialMetrics({ epochs: 500, layers }));
    expect([data.layers.length, data.epochs.length]).toEqual([12, 120]);
    expect(data.note).toBe('12 of 50 layers, 120 of 500 epochs drawn, evenly chosen.');
  });
});
