import { describe, expect, it } from '@jest/globals';
import { handStudy } from '../testing/hand-study.ts';
import { axesOf, numbersIn, seriesNamed, textsOf, tooltipOf } from '../testing/read-option.ts';
import { sampleStudy } from '../testing/sample-study.ts';
import { testView } from '../testing/test-view.ts';
import { contourData, contourOption } from './contour.ts';

const at = (lr: number, units: number, accuracy: number, optimizer = 'adam') => ({
  params: { lr, units, optimizer },
  accuracy,
});
const corners = handStudy([at(1e-4, 16, 0.2), at(1e-4, 64, 0.2), at(1e-1, 16, 0.8), at(1e-1, 64, 0.8)]);
const numeric = { parameters: ['lr', 'units'] };

describe('contour', () => {
  it('weighs trials by their distance, as the formula says', () => {
    const data = contourData(corners, numeric);
    // n = 4; the rows weigh both columns of trials alike, so only the distance along lr matters.
    const h = 4 ** (-1 / 6) / 3;
    const [near, far] = [0.5 / 48, 1 - 0.5 / 48];
    const ratio = Math.exp((near ** 2 - far ** 2) / (2 * h ** 2));
    const corner = data.cells.find(([column, row]) => column === 0 && row === 0)!;
    expect(corner[3]).toBeCloseTo((0.2 + 0.8 * ratio) / (1 + ratio), 10);
    const values = data.cells.map(([, , , value]) => value);
    expect(Math.min(...values)).toBeGreaterThan(0.2);
    expect(Math.max(...values)).toBeLessThan(0.8);
  });

  it('is empty where no trial is near, and says so', () => {
    const data = contourData(handStudy([at(1e-4, 16, 0.2), at(2e-4, 16, 0.3)]), numeric);
    expect(data.cells.length).toBeGreaterThan(0);
    expect(data.cells.every(([column]) => column < data.columns / 2 + 12)).toBe(true);
    expect(data.cells.length).toBeLessThan(data.columns * data.lines);
    expect(data.note).toBe('Empty where no trial is near.');
  });

  it('gives each choice a column of its own that others do not color', () => {
    const data = contourData(handStudy([at(1e-2, 16, 0.2, 'sgd'), at(1e-2, 16, 0.8, 'adam')]), {
      parameters: ['optimizer', 'lr'],
    });
    expect(data.columns).toBe(2);
    for (const [column, , , value] of data.cells) expect(value).toBeCloseTo(column === 0 ? 0.2 : 0.8, 12);
  });

  it('lays cells and the parameters axes over each other exactly', () => {
    const option = contourOption(contourData(corners, numeric), testView);
    const [under, over] = option.grid as object[];
    expect(under).toEqual(over);
    const [, x] = axesOf(option, 'xAxis');
    expect(x).toMatchObject({ type: 'log', min: 1e-4, max: 1e-1, name: 'lr' });
    expect(seriesNamed(option, 'trials').data).toHaveLength(4);
    expect(option.visualMap).toMatchObject({ seriesIndex: 0, text: ['0.799', '0.201'] });
    expect(tooltipOf(option, { name: '2', value: [0.1, 16, 0.8] })).toBe(
      '<strong>Trial 2</strong><br>lr: 0.1<br>units: 16<br>accuracy 0.8',
    );
  });

  it('turns the scale for an objective that is minimized', () => {
    const sizes = handStudy(
      [
        { ...at(1e-4, 16, 0), parameterCount: 10 },
        { ...at(1e-1, 64, 0), parameterCount: 1000 },
      ],
      { mode: 'pareto' },
    );
    const data = contourData(sizes, { ...numeric, objective: 2 });
    expect(data.cells.find(([column, row]) => column === 0 && row === 0)![2]).toBeCloseTo(1, 2);
  });

  it('shows a single trial and equal values without a number that is none', () => {
    const option = contourOption(contourData(handStudy([at(1e-2, 32, 0.5)]), numeric), testView);
    expect(numbersIn(option.series).every(Number.isFinite)).toBe(true);
    expect(numbersIn(option.series).length).toBeGreaterThan(0);
  });

  it('bounds cells and points at ten thousand trials, and states what is missing', () => {
    const data = contourData(sampleStudy({ trials: 10_000, epochs: 1 }));
    expect(data.points.length).toBeLessThanOrEqual(600);
    expect(data.cells.length).toBeLessThanOrEqual(48 * 48);
    expect(textsOf(contourOption(contourData(handStudy([])), testView))[1]).toBe(
      'Points appear here as trials complete.',
    );
  });

  it('states that the two parameters never met', () => {
    const data = contourData(handStudy([at(1e-2, 32, 0.5)]), { parameters: ['lr', 'momentum'] });
    expect(data.empty).toBe('A contour needs two parameters that take more than one value.');
  });
});
