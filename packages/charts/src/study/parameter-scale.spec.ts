import { describe, expect, it } from '@jest/globals';
import { handStudy } from '../testing/hand-study.ts';
import { axisShare, axisValue, axisValueAt, parameterScales, scalesByInterest } from './parameter-scale.ts';

const state = handStudy([{}]);
const scaleOf = (name: string, study = state) => parameterScales(study).find((scale) => scale.name === name)!;

describe('a parameter as an axis', () => {
  it('has its range, step, choices and condition', () => {
    expect(scaleOf('lr')).toEqual({
      name: 'lr',
      log: true,
      categories: null,
      low: 1e-4,
      high: 1e-1,
      step: null,
      conditional: false,
    });
    expect(scaleOf('units')).toMatchObject({ low: 16, high: 64, step: 16 });
    expect(scaleOf('optimizer')).toMatchObject({ categories: ['sgd', 'adam'], low: 0, high: 1 });
    expect(scaleOf('momentum').conditional).toBe(true);
  });

  it('is widened by values beyond it', () => {
    const wide = handStudy([{ params: { lr: 0.5, units: 128, optimizer: 'lion' } }]);
    expect(scaleOf('lr', wide).high).toBe(0.5);
    expect(scaleOf('units', wide).high).toBe(128);
    expect(scaleOf('optimizer', wide).categories).toEqual(['sgd', 'adam', 'lion']);
  });

  it('places values by their share, on a logarithm where the range is one', () => {
    expect(axisShare(scaleOf('lr'), 1e-3)).toBeCloseTo(1 / 3, 12);
    expect(axisValueAt(scaleOf('lr'), 1 / 3)).toBeCloseTo(1e-3, 12);
    expect(axisShare(scaleOf('units'), 32)).toBeCloseTo(1 / 3, 12);
    expect(axisShare({ ...scaleOf('units'), high: 16 }, 16)).toBe(0.5);
  });

  it('has no place for what a trial did not use, or what is no number', () => {
    expect(axisValue(scaleOf('momentum'), { optimizer: 'adam' })).toBeNull();
    expect(axisValue(scaleOf('lr'), { lr: 0 })).toBeNull();
    expect(axisValue(scaleOf('lr'), { lr: Number.NaN })).toBeNull();
    expect(axisValue(scaleOf('optimizer'), { optimizer: 'adam' })).toBe(1);
  });

  it('goes by importance, by choice, or by the order of the space', () => {
    const names = (choice: object) => scalesByInterest(state, choice).map(({ name }) => name);
    expect(names({})).toEqual(['lr', 'units', 'optimizer', 'momentum']);
    expect(
      names({
        importance: [
          { parameter: 'units', importance: 0.2 },
          { parameter: 'momentum', importance: 0.7 },
        ],
      }),
    ).toEqual(['momentum', 'units', 'lr', 'optimizer']);
    expect(names({ parameters: ['units', 'unknown'] })).toEqual(['units']);
  });

  it('leaves out parameters of one value', () => {
    const fixed = handStudy([{ params: { x: 1 } }], {
      space: { x: { type: 'int', low: 1, high: 1 }, c: { type: 'categorical', choices: ['a'] } },
    });
    expect(scalesByInterest(fixed, {})).toEqual([]);
  });
});
