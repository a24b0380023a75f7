import { describe, expect, it } from '@jest/globals';
import { handStudy } from '../testing/hand-study.ts';
import { axesOf, seriesNamed, seriesOf, textsOf, tooltipOf, valuesOf } from '../testing/read-option.ts';
import { sampleStudy } from '../testing/sample-study.ts';
import { testView } from '../testing/test-view.ts';
import { optimizationHistoryData, optimizationHistoryOption } from './optimization-history.ts';

const history = (accuracies: number[]) => handStudy(accuracies.map((accuracy) => ({ accuracy })));

describe('optimization history', () => {
  it('steps up where the best improved and runs on to the last trial', () => {
    const data = optimizationHistoryData(history([0.5, 0.4, 0.7, 0.7, 0.6]));
    expect(data.points).toEqual([
      [0, 0.5],
      [1, 0.4],
      [2, 0.7],
      [3, 0.7],
      [4, 0.6],
    ]);
    expect(data.bestLine).toEqual([
      [0, 0.5],
      [2, 0.7],
      [4, 0.7],
    ]);
    expect(data.best).toEqual({ number: 2, value: 0.7 });
    const option = optimizationHistoryOption(data, testView);
    expect(seriesNamed(option, 'best so far')['step']).toBe('end');
    expect(valuesOf(seriesNamed(option, 'best'))).toEqual([[2, 0.7, 0.7]]);
    expect(data.summary).toBe('Best accuracy 0.7 by trial 2; 5 trials completed.');
  });

  it('goes down for an objective that is minimized', () => {
    const state = handStudy([{ parameterCount: 1000 }, { parameterCount: 10 }, { parameterCount: 100 }], {
      mode: 'pareto',
    });
    const data = optimizationHistoryData(state, { objective: 2 });
    expect(data.objective).toMatchObject({ name: 'log10(parameters)', direction: 'minimize' });
    expect(data.bestLine).toEqual([
      [0, 3],
      [1, 1],
      [2, 1],
    ]);
    expect(textsOf(optimizationHistoryOption(data, testView)).join()).toContain('lower is better');
  });

  it('shows running trials at their accuracy, in other modes on the floor', () => {
    const trials = [
      { accuracy: 0.5 },
      { accuracy: 0.7 },
      { status: 'running' as const, epochs: [0.6, 0.65] },
    ];
    const simple = optimizationHistoryOption(optimizationHistoryData(handStudy(trials)), testView);
    expect(valuesOf(seriesNamed(simple, 'running'))).toEqual([[2, 0.65, 0.65]]);
    expect(tooltipOf(simple, { name: '2', seriesName: 'running', value: [2, 0.65, 0.65] })).toBe(
      '<strong>Trial 2</strong><br>running, 2 epochs done<br>accuracy so far 0.65',
    );
    const health = optimizationHistoryOption(
      optimizationHistoryData(handStudy(trials, { mode: 'health' })),
      testView,
    );
    const { min } = axesOf(health, 'yAxis')[0] as { min: number };
    expect(valuesOf(seriesNamed(health, 'running'))).toEqual([[2, min, 0.65]]);
  });

  it('keeps a trial far out at the edge, pointing to where it is', () => {
    const data = optimizationHistoryData(history([0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.1]));
    const option = optimizationHistoryOption(data, testView);
    const item = seriesNamed(option, 'completed').data[8] as { value: number[]; symbol: string };
    expect(item).toMatchObject({ value: [8, 0.9, 0.1], symbol: 'triangle' });
    expect(data.note).toBe('1 trial far worse than the others, drawn at the edge.');
    expect(tooltipOf(option, { name: '8', seriesName: 'completed', value: [8, 0.9, 0.1] })).toContain(
      'accuracy 0.1',
    );
  });

  it('stresses selected trials', () => {
    const option = optimizationHistoryOption(optimizationHistoryData(history([0.5, 0.6])), {
      ...testView,
      selected: [1],
    });
    const [first, second] = seriesNamed(option, 'completed').data as {
      itemStyle?: { borderColor: string };
    }[];
    expect([first!.itemStyle, second!.itemStyle?.borderColor]).toEqual([undefined, testView.theme.accent]);
  });

  it('thins ten thousand trials, never an improvement', () => {
    const data = optimizationHistoryData(sampleStudy({ trials: 10_000, epochs: 1 }));
    expect(data.points.length).toBeLessThanOrEqual(1000);
    const shown = new Set(data.points.map(([number]) => number));
    for (const [number] of data.bestLine.slice(0, -1)) expect(shown).toContain(number);
    expect(data.note).toMatch(/^1,000 points of [\d,]+ trials\./);
  });

  it('passes over failed, pruned and valueless trials, and states when none is there', () => {
    const state = handStudy([{ status: 'failed' }, { status: 'pruned', epochs: [0.3] }]);
    const data = optimizationHistoryData(state);
    expect(data.points).toEqual([]);
    expect(seriesOf(optimizationHistoryOption(data, testView))).toEqual([]);
    expect(data.empty).toBe('Points appear here as trials complete.');
    const one = handStudy([{ accuracy: 0.5 }, { accuracy: 0.6 }]);
    one.trials[1]!.values = [Number.NaN];
    expect(optimizationHistoryData(one).points).toEqual([[0, 0.5]]);
  });
});
