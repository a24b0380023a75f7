import { describe, expect, it } from '@jest/globals';
import { handStudy } from '../testing/hand-study.ts';
import { axesOf, seriesOf, tooltipOf, valuesOf } from '../testing/read-option.ts';
import { sampleStudy } from '../testing/sample-study.ts';
import { testView } from '../testing/test-view.ts';
import { edfData, edfOption } from './edf.ts';

describe('distribution of values', () => {
  it('is the share of trials with at most each value', () => {
    const data = edfData(handStudy([0.7, 0.5, 0.9, 0.7].map((accuracy) => ({ accuracy }))));
    expect(data.steps).toEqual([
      [0.5, 0.25],
      [0.7, 0.5],
      [0.7, 0.75],
      [0.9, 1],
    ]);
    expect(data.summary).toBe('Half of 4 trials have accuracy 0.7 or less.');
    const option = edfOption(data, testView);
    const [line] = seriesOf(option);
    expect(valuesOf(line!)[0]).toEqual([0.5, 0]);
    expect(line!['step']).toBe('end');
    expect(tooltipOf(option, { value: [0.7, 0.75] })).toBe(
      '<strong>75% of the trials</strong><br>accuracy at most 0.7',
    );
  });

  it('marks the median where it is, and leaves far worse values beyond the edge', () => {
    const accuracies = [0.1, 0.9, 0.91, 0.92, 0.9319, 0.94, 0.95, 0.96, 0.97];
    const data = edfData(handStudy(accuracies.map((accuracy) => ({ accuracy }))));
    const option = edfOption(data, testView);
    const { data: lines, precision } = seriesOf(option)[0]!['markLine'] as {
      data: { xAxis: number }[];
      precision: number;
    };
    expect(lines).toEqual([{ xAxis: 0.9319 }]);
    expect(precision).toBeGreaterThan(4);
    expect(data.note).toBe('1 trial far worse than the others, beyond the edge.');
    expect(axesOf(option, 'xAxis')[0]!['min']).toBeCloseTo(0.88, 6);
  });

  it('keeps its ends at ten thousand trials', () => {
    const { steps } = edfData(sampleStudy({ trials: 10_000, epochs: 1 }));
    expect(steps).toHaveLength(400);
    expect(steps.at(-1)![1]).toBe(1);
  });

  it('shows a single trial and states what would be here', () => {
    expect(edfData(handStudy([{ accuracy: 0.4 }])).steps).toEqual([[0.4, 1]]);
    expect(seriesOf(edfOption(edfData(handStudy([])), testView))).toEqual([]);
  });
});
