import { describe, expect, it } from '@jest/globals';
import { handStudy } from '../testing/hand-study.ts';
import { axesOf, seriesOf, textsOf, tooltipOf, valuesOf } from '../testing/read-option.ts';
import { sampleStudy } from '../testing/sample-study.ts';
import { testView } from '../testing/test-view.ts';
import { sliceData, sliceOption } from './slice.ts';

const state = handStudy([
  { params: { lr: 1e-2, units: 64, optimizer: 'sgd', momentum: 0.5 }, accuracy: 0.9 },
  { params: { lr: 1e-3, units: 32, optimizer: 'adam' }, accuracy: 0.8 },
]);

describe('slice', () => {
  it('has a panel per parameter, with the axis that the parameter needs', () => {
    const data = sliceData(state);
    const option = sliceOption(data, testView);
    expect(axesOf(option, 'xAxis').map(({ type }) => type)).toEqual(['log', 'value', 'category', 'value']);
    expect(valuesOf(seriesOf(option)[0]!)).toEqual([
      [1e-2, 0.9, 0.9],
      [1e-3, 0.8, 0.8],
    ]);
    expect(valuesOf(seriesOf(option)[2]!)).toEqual([
      [0, 0.9, 0.9],
      [1, 0.8, 0.8],
    ]);
  });

  it('leaves out trials that did not use a parameter and says how many', () => {
    const data = sliceData(state);
    expect(data.panels[3]).toMatchObject({ points: [[0.5, 0.9, 0, 0.9]], notUsed: 1 });
    expect(textsOf(sliceOption(data, testView)).join()).toContain(
      '{name|momentum}{detail|not used by 1 trial}',
    );
  });

  it('marks the best by shape, and later trials by strength', () => {
    const [points] = seriesOf(sliceOption(sliceData(state), testView));
    const [best, other] = points!.data as { symbol?: string; itemStyle: { color: string } }[];
    expect([best!.symbol, best!.itemStyle.color]).toEqual(['diamond', testView.theme.accent]);
    expect(other!.itemStyle.color).toBe(testView.theme.recency.at(-1));
  });

  it('names the choice in the tooltip', () => {
    const option = sliceOption(sliceData(state), testView);
    expect(tooltipOf(option, { name: '1', seriesName: 'optimizer', value: [1, 0.8, 0.8] })).toBe(
      '<strong>Trial 1</strong><br>optimizer: adam<br>accuracy 0.8',
    );
  });

  it('shares its points among the panels of ten thousand trials', () => {
    const large = sampleStudy({ trials: 10_000, epochs: 1 });
    const data = sliceData(large);
    expect(data.panels).toHaveLength(12);
    expect(data.panels.reduce((sum, { points }) => sum + points.length, 0)).toBeLessThanOrEqual(6000);
    expect(data.panels[0]!.points.some(([, , number]) => number === data.best)).toBe(true);
    expect(data.note).toMatch(/500 of [\d,]+ trials drawn/);
  });

  it('states when there is nothing to compare', () => {
    const fixed = handStudy([{ params: { x: 1 } }], { space: { x: { type: 'int', low: 1, high: 1 } } });
    expect(sliceData(fixed).empty).toBe('No parameter of this study takes more than one value.');
    expect(sliceData(handStudy([])).empty).toBe('Points appear here as trials complete.');
  });
});
