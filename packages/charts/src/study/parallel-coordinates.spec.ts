import { describe, expect, it } from '@jest/globals';
import { handStudy } from '../testing/hand-study.ts';
import { seriesOf, textsOf, tooltipOf } from '../testing/read-option.ts';
import { sampleStudy } from '../testing/sample-study.ts';
import { testView } from '../testing/test-view.ts';
import { parallelCoordinatesData, parallelCoordinatesOption } from './parallel-coordinates.ts';
import { NOT_USED } from './parallel-positions.ts';

const state = handStudy([
  { params: { lr: 1e-2, units: 64, optimizer: 'sgd', momentum: 0.45 }, accuracy: 0.9 },
  { params: { lr: 1e-4, units: 16, optimizer: 'adam' }, accuracy: 0.5 },
]);

interface Line {
  name: string;
  value: number[];
}
const linesOf = (option: ReturnType<typeof parallelCoordinatesOption>) => seriesOf(option)[0]!.data as Line[];

describe('parallel coordinates', () => {
  it('places each parameter by its share of the range, the best line last', () => {
    const data = parallelCoordinatesData(state);
    expect(data.axes.map(({ name }) => name)).toEqual(['lr', 'units', 'optimizer', 'momentum', 'accuracy']);
    expect(data.lines.map(({ number }) => number)).toEqual([1, 0]);
    expect(data.lines[1]!.positions.map((p) => Number(p.toFixed(6)))).toEqual([0.666667, 1, 0, 0.5, 1]);
    expect(data.lines.map(({ goodness }) => goodness)).toEqual([0, 1]);
  });

  it('has a place for parameters that were not used', () => {
    const data = parallelCoordinatesData(state);
    expect(data.lines[0]!.positions[3]).toBe(NOT_USED);
    expect(data.axes[3]!.ticks[0]).toEqual({ position: NOT_USED, label: 'not used' });
    expect(data.axes[0]!.conditional).toBe(false);
    const axes = parallelCoordinatesOption(data, testView).parallelAxis as {
      min: number;
      axisLabel: { formatter: (v: number) => string; customValues: number[] };
    }[];
    expect(axes.map(({ min }) => min)).toEqual([0, 0, 0, NOT_USED, 0]);
    expect(axes[3]!.axisLabel.formatter(NOT_USED)).toBe('not used');
  });

  it('has ticks at values that a parameter can take', () => {
    const [lr, units, optimizer] = parallelCoordinatesData(state).axes;
    expect(units!.ticks.map(({ label }) => label)).toEqual(['16', '32', '48', '64']);
    expect(optimizer!.ticks).toEqual([
      { position: 0, label: 'sgd' },
      { position: 1, label: 'adam' },
    ]);
    expect(lr!.ticks[0]).toEqual({ position: 0, label: '1e-4' });
  });

  it('colors by the place of the value, given as one more dimension', () => {
    const option = parallelCoordinatesOption(parallelCoordinatesData(state), testView);
    expect(option.visualMap).toMatchObject({
      dimension: 5,
      min: 0,
      max: 1,
      inRange: { color: [...testView.theme.scale] },
    });
    expect(linesOf(option).map(({ name, value }) => [name, value[5]])).toEqual([
      ['1', 0],
      ['0', 1],
    ]);
  });

  it('stresses the best and selected trials, each in a series of its own', () => {
    const option = parallelCoordinatesOption(parallelCoordinatesData(state), { ...testView, selected: [1] });
    const [, selected, best] = seriesOf(option).map(({ name, data, lineStyle }) => [
      name,
      (data as Line[]).map((line) => line.name),
      (lineStyle as { color: string }).color,
    ]);
    expect(selected).toEqual(['selected', ['1'], testView.theme.text]);
    expect(best).toEqual(['best', ['0'], testView.theme.accent]);
  });

  it('keeps the objective among the few axes of a phone', () => {
    const wide = parallelCoordinatesData(sampleStudy({ trials: 20 }));
    const option = parallelCoordinatesOption(wide, { ...testView, width: 360 });
    const axes = option.parallelAxis as { name: string }[];
    expect(axes).toHaveLength(6);
    expect(axes.at(-1)!.name).toBe('total score');
    expect(linesOf(option)[0]!.value).toHaveLength(7);
  });

  it('draws a thousand of ten thousand trials, or as many as a page asks for, the best among them', () => {
    const large = sampleStudy({ trials: 10_000, epochs: 1 });
    expect(parallelCoordinatesData(large).lines).toHaveLength(1000);
    const data = parallelCoordinatesData(large, { mostLines: 3000 });
    expect(data.lines).toHaveLength(3000);
    const values = large.trials.flatMap(({ values }) => values ?? []).sort((a, b) => b - a);
    const tenth = values.slice(0, Math.ceil(values.length / 10));
    expect(data.lines.slice(-tenth.length).map(({ value }) => value)).toEqual(tenth.reverse());
    expect(data.note).toMatch(/^3,000 lines of [\d,]+ trials, the best [\d,]+ among them\./);
  });

  it('shows one trial, equal values, and what would be here', () => {
    const one = parallelCoordinatesData(handStudy([{ accuracy: 0.5 }, { accuracy: 0.5 }]));
    expect(one.lines.map(({ positions, goodness }) => [positions.at(-1), goodness])).toEqual([
      [0.5, 1],
      [0.5, 1],
    ]);
    expect(one.axes.at(-1)!.ticks).toEqual([{ position: 0.5, label: '0.5' }]);
    const empty = parallelCoordinatesOption(parallelCoordinatesData(handStudy([])), testView);
    expect([seriesOf(empty), textsOf(empty)[1]]).toEqual([[], 'Points appear here as trials complete.']);
  });

  it('tells a line by its parameters, as text', () => {
    const marked = handStudy([{ params: { lr: 1e-2, units: 16, optimizer: '<script>x</script>' } }]);
    const option = parallelCoordinatesOption(parallelCoordinatesData(marked), testView);
    const text = tooltipOf(option, { name: '0' });
    expect(text).toMatch(/^<strong>Trial 0<\/strong><br>accuracy 0\.5<br>lr: 0\.01<br>/);
    expect(text).toContain('optimizer: &lt;script&gt;x&lt;/script&gt;');
  });
});
