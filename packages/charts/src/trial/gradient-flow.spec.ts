import { describe, expect, it } from '@jest/globals';
import { axesOf, seriesOf, textsOf } from '../testing/read-option.ts';
import { sampleTrialMetrics } from '../testing/sample-trial.ts';
import { testView } from '../testing/test-view.ts';
import { gradientFlowData, gradientFlowOption } from './gradient-flow.ts';

const metrics = sampleTrialMetrics({ epochs: 3, layers: ['conv_1', 'flatten', 'output'] });
const norms = (values: (number | null)[][]) => ({
  epochs: values.map((row, e) => ({
    ...metrics.epochs[0]!,
    epoch: e + 1,
    layers: row.map((gradientNorm, i) => ({
      ...metrics.epochs[0]!.layers[i]!,
      gradientNorm: gradientNorm as number,
    })),
  })),
});

describe('gradient flow', () => {
  it('goes from input to output, one line per epoch, on a logarithmic axis', () => {
    const data = gradientFlowData(
      norms([
        [0.1, null, 0.2],
        [0.05, null, 0.2],
      ]),
    );
    expect(data.layers).toEqual(['conv_1', 'output']);
    expect(data.lines).toEqual([
      { epoch: 1, norms: [0.1, 0.2] },
      { epoch: 2, norms: [0.05, 0.2] },
    ]);
    expect(data.summary).toBe("In the last epoch the last layer's gradient is 4 times the first layer's.");
    const option = gradientFlowOption(data, testView);
    expect(axesOf(option, 'yAxis')[0]!['type']).toBe('log');
    expect(axesOf(option, 'xAxis')[0]!['data']).toEqual(['conv_1', 'output']);
    expect(seriesOf(option).map(({ name }) => name)).toEqual(['epoch 1', 'epoch 2']);
  });

  it('does not draw gradients of 0 or NaN, and says so of zeros', () => {
    const data = gradientFlowData(norms([[0, Number.NaN, 0.3]]));
    expect(data.lines[0]!.norms).toEqual([null, 0.3]);
    expect(data.note).toBe('1 gradients were exactly 0 and are not drawn.');
  });

  it('draws some of many epochs, the first and the last among them', () => {
    const data = gradientFlowData(
      sampleTrialMetrics({ epochs: 300, layers: Array.from({ length: 200 }, (_, i) => `conv_${i}`) }),
    );
    expect(data.lines).toHaveLength(8);
    expect([data.lines[0]!.epoch, data.lines.at(-1)!.epoch]).toEqual([1, 300]);
    expect(data.layers).toHaveLength(200);
    expect(data.note).toBe('8 of 300 epochs drawn, evenly chosen.');
  });

  it('states what would be here', () => {
    expect(textsOf(gradientFlowOption(gradientFlowData({ epochs: [] }), testView))[1]).toMatch(
      /none has ended yet/,
    );
  });
});
