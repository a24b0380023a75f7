import { describe, expect, it } from '@jest/globals';
import {
  axesOf,
  labelOf,
  numbersIn,
  seriesNamed,
  seriesOf,
  textsOf,
  tooltipOf,
  valuesOf,
} from '../testing/read-option.ts';
import { sampleTrialMetrics } from '../testing/sample-trial.ts';
import { testView } from '../testing/test-view.ts';
import { trainingHistoryData, trainingHistoryOption } from './training-history.ts';

const metrics = sampleTrialMetrics({ epochs: 4 });
const withEpochs = (changes: object[]) => ({
  stepLosses: [],
  epochs: changes.map((change, i) => ({ ...metrics.epochs[0]!, epoch: i + 1, ...change })),
});

describe('training history', () => {
  it('draws loss left and accuracy right, by epoch', () => {
    const option = trainingHistoryOption(trainingHistoryData(metrics), testView);
    const lines = seriesOf(option).filter(({ name }) => name !== 'step');
    expect(lines.map(({ name, xAxisIndex }) => [name, xAxisIndex])).toEqual([
      ['training', 0],
      ['validation', 0],
      ['training', 1],
      ['validation', 1],
    ]);
    expect(valuesOf(lines[3]!)).toEqual(metrics.epochs.map((e) => [e.epoch, e.validationAccuracy]));
    expect(textsOf(option).join()).toContain('{name|Loss}{detail|nats}');
    expect(labelOf(axesOf(option, 'yAxis')[1]!, 0.95)).toBe('95%');
  });

  it('rings the earliest epoch with the best validation accuracy', () => {
    const data = trainingHistoryData(
      withEpochs([{ validationAccuracy: 0.9 }, { validationAccuracy: 0.97 }, { validationAccuracy: 0.97 }]),
    );
    expect(data.best).toEqual({ epoch: 2, accuracy: 0.97 });
    expect(data.summary).toBe('Best validation accuracy 97% after epoch 2 of 3.');
    const mark = seriesOf(trainingHistoryOption(data, testView))[4] as unknown as {
      markPoint: { data: { coord: number[] }[] };
    };
    expect(mark.markPoint.data[0]!.coord).toEqual([2, 0.97]);
  });

  it('leaves a gap where a loss is not a number', () => {
    const data = trainingHistoryData(
      withEpochs([{ trainLoss: 0.4 }, { trainLoss: Number.NaN }, { trainLoss: null }]),
    );
    expect(data.trainLoss).toEqual([0.4, null, null]);
    const option = trainingHistoryOption(data, testView);
    expect(numbersIn(option).every((value) => !Number.isNaN(value))).toBe(true);
    expect(valuesOf(seriesNamed(option, 'training'))).toEqual([
      [1, 0.4],
      [2, null],
      [3, null],
    ]);
  });

  it('puts steps between the epochs they belong to, and their start beyond the top', () => {
    const data = trainingHistoryData({ ...metrics, stepLosses: [9, 1, 0.5, 0.4] });
    expect(data.steps).toEqual([
      [1, 9],
      [2, 1],
      [3, 0.5],
      [4, 0.4],
    ]);
    const [loss] = axesOf(trainingHistoryOption(data, testView), 'yAxis');
    expect(loss!['max']).toBeLessThan(1);
  });

  it('draws a part of very many epochs, the best among them', () => {
    const many = sampleTrialMetrics({ epochs: 1000, layers: [] });
    const data = trainingHistoryData(many);
    expect(data.epochs.length).toBeLessThanOrEqual(401);
    expect(data.epochs).toContain(data.best!.epoch);
    expect([data.epochs[0], data.epochs.at(-1)]).toEqual([1, 1000]);
    expect(data.note).toMatch(/of 1000 epochs drawn/);
  });

  it('says what the tooltip points at, and what would be here without epochs', () => {
    const data = trainingHistoryData(withEpochs([{ trainLoss: 0.5, validationAccuracy: 0.91 }]));
    expect(tooltipOf(trainingHistoryOption(data, testView), [{ axisValue: 1.2 }])).toMatch(
      /^<strong>Epoch 1<\/strong><br>loss: training 0.5,.*validation 91%$/,
    );
    const empty = trainingHistoryOption(trainingHistoryData({ epochs: [], stepLosses: [] }), testView);
    expect(seriesOf(empty)).toEqual([]);
    expect(textsOf(empty)).toEqual(['Training history', 'The curves start with the end of the first epoch.']);
  });
});
