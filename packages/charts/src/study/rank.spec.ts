import { describe, expect, it } from '@jest/globals';
import { handStudy } from '../testing/hand-study.ts';
import { axesOf, seriesOf } from '../testing/read-option.ts';
import { sampleStudy } from '../testing/sample-study.ts';
import { testView } from '../testing/test-view.ts';
import { rankData, rankOption } from './rank.ts';

const at = (lr: number, accuracy: number) => ({ params: { lr, units: 32, optimizer: 'adam' }, accuracy });

describe('rank', () => {
  it('ranks from 0 to 1, ties by their mean, the best drawn last', () => {
    const data = rankData(handStudy([at(0.1, 0.5), at(0.01, 0.9), at(0.001, 0.5)]), {
      parameters: ['lr', 'units'],
    });
    expect(data.panels).toHaveLength(1);
    expect(data.panels[0]!.points.map(({ number, rank }) => [number, rank])).toEqual([
      [0, 0.25],
      [2, 0.25],
      [1, 1],
    ]);
  });

  it('turns around for an objective that is minimized', () => {
    const data = rankData(handStudy([{ parameterCount: 10 }, { parameterCount: 1000 }], { mode: 'pareto' }), {
      objective: 2,
      parameters: ['lr', 'units'],
    });
    expect(data.panels[0]!.points.map(({ number, rank }) => [number, rank])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it('pairs the most important parameters', () => {
    const importance = [
      { parameter: 'units', importance: 0.6 },
      { parameter: 'optimizer', importance: 0.3 },
    ];
    const data = rankData(handStudy([at(0.1, 0.5), at(0.01, 0.9)]), { importance });
    expect(data.panels.map(({ x, y }) => `${x.name} ${y.name}`)).toEqual([
      'units optimizer',
      'units lr',
      'optimizer lr',
    ]);
    const option = rankOption(data, testView);
    expect(axesOf(option, 'xAxis').map(({ name }) => name)).toEqual(['units', 'units', 'optimizer']);
    expect(option.visualMap).toMatchObject({ dimension: 2, min: 0, max: 1 });
  });

  it('leaves out trials that lack one of the two', () => {
    const sgd = { params: { lr: 0.1, units: 16, optimizer: 'sgd', momentum: 0.5 }, accuracy: 0.7 };
    const data = rankData(handStudy([at(0.1, 0.5), sgd]), { parameters: ['lr', 'momentum'] });
    expect(data.panels[0]!.points.map(({ number }) => number)).toEqual([1]);
  });

  it('bounds its points at ten thousand trials', () => {
    const data = rankData(sampleStudy({ trials: 10_000, epochs: 1 }));
    expect(data.panels).toHaveLength(6);
    expect(data.panels.reduce((sum, { points }) => sum + points.length, 0)).toBeLessThanOrEqual(6000);
  });

  it('states what is missing', () => {
    expect(rankData(handStudy([])).empty).toBe('Points appear here as trials complete.');
    const single = handStudy([{ params: { x: 2 } }], { space: { x: { type: 'int', low: 1, high: 3 } } });
    expect(rankData(single).empty).toMatch(/^A pair needs two parameters/);
    expect(seriesOf(rankOption(rankData(single), testView))).toEqual([]);
  });
});
