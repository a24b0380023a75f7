import { describe, expect, it } from '@jest/globals';
import { healthReportExamples, type HealthReport } from '@onegin/contracts';
import { handStudy } from '../testing/hand-study.ts';
import { axesOf, seriesNamed, seriesOf, tooltipOf, valuesOf } from '../testing/read-option.ts';
import { sampleStudy } from '../testing/sample-study.ts';
import { testView } from '../testing/test-view.ts';
import { paretoFrontData, paretoFrontOption } from './pareto-front.ts';

const [example] = healthReportExamples as [HealthReport];
const healthy: HealthReport = {
  ...example,
  neuronUtilization: { known: true, value: 1 },
  gradientHealth: { known: true, value: 1 },
};
const unknown = { known: false as const, value: null, reason: 'none' };
const noHealth = Object.fromEntries(
  Object.entries(example).map(([key, value]) => [
    key,
    value !== null && typeof value === 'object' ? unknown : value,
  ]),
) as HealthReport;

describe('pareto front', () => {
  it('joins the trials that none is both smaller and more accurate than', () => {
    const data = paretoFrontData(
      handStudy([
        { accuracy: 0.9, parameterCount: 1000 },
        { accuracy: 0.8, parameterCount: 2000 },
        { accuracy: 0.95, parameterCount: 5000 },
        { accuracy: 0.95, parameterCount: 9000 },
      ]),
    );
    expect(data.front.map(({ number }) => number)).toEqual([0, 2]);
    expect(data.points.map(({ onFront }) => onFront)).toEqual([true, false, true, false]);
    const option = paretoFrontOption(data, testView);
    expect(valuesOf(seriesNamed(option, 'front'))).toEqual([
      [1000, 0.9],
      [5000, 0.95],
    ]);
    expect(axesOf(option, 'xAxis')[0]!['type']).toBe('log');
  });

  it('counts a trial that wins by health alone, in any mode', () => {
    const trials = [
      { accuracy: 0.9, parameterCount: 1000 },
      { accuracy: 0.8, parameterCount: 2000, health: healthy },
    ];
    for (const mode of ['simple', 'health', 'pareto'] as const) {
      const state = handStudy(trials, { mode });
      const data = paretoFrontData(state);
      expect(data.points.map(({ onFront }) => onFront)).toEqual([true, true]);
      if (mode === 'pareto')
        expect(data.points.filter(({ onFront }) => onFront).map(({ number }) => number)).toEqual(
          [...state.front].sort(),
        );
      expect(data.front.map(({ number }) => number)).toEqual([0]);
    }
  });

  it('draws a trial whose health is unknown without a color of the scale', () => {
    const option = paretoFrontOption(
      paretoFrontData(handStudy([{ accuracy: 0.9, health: noHealth }])),
      testView,
    );
    expect(valuesOf(seriesNamed(option, 'on the front'))).toEqual([[1000, 0.9, '-', 0.9]]);
    expect(tooltipOf(option, { name: '0' })).toBe(
      '<strong>Trial 0, on the front</strong><br>accuracy 90%<br>health –<br>1,000 parameters',
    );
  });

  it('thins ten thousand trials, never the front', () => {
    const data = paretoFrontData(sampleStudy({ trials: 10_000, epochs: 1 }));
    expect(data.points.length).toBeLessThanOrEqual(2000);
    const shown = new Set(data.points.map(({ number }) => number));
    for (const { number } of data.front) expect(shown).toContain(number);
  });

  it('states what would be here', () => {
    expect(seriesOf(paretoFrontOption(paretoFrontData(handStudy([{ status: 'failed' }])), testView))).toEqual(
      [],
    );
  });
});
