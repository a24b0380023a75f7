import { describe, expect, it } from '@jest/globals';
import type { SearchSpace } from '@onegin/contracts';
import { encodeSpace, fromRow, fromUnit, gridValue, rowFromUnit, toRow, toUnit } from './space-encoding.ts';

const space: SearchSpace = {
  beta: { type: 'float', low: 0, high: 0.99, when: { param: 'opt', in: ['sgd'] } },
  lr: { type: 'float', low: 1e-5, high: 1e-1, log: true },
  units: { type: 'int', low: 16, high: 512, step: 16 },
  kernel: { type: 'int', low: 1, high: 64, log: true },
  drop: { type: 'float', low: 0.1, high: 0.7, step: 0.1 },
  opt: { type: 'categorical', choices: ['sgd', 'adam', 3, true] },
  nesterov: { type: 'categorical', choices: [true, false], when: { param: 'opt', in: ['sgd', 3] } },
  warm: { type: 'int', low: 0, high: 9, when: { param: 'nesterov', in: [true] } },
  fixed: { type: 'float', low: 2, high: 2 },
};
const encoded = encodeSpace(space);

describe('the encoding of a space', () => {
  it('puts parents before children and groups what is active together', () => {
    const order = encoded.dimensions.map(({ name }) => name);
    expect(order.indexOf('opt')).toBeLessThan(order.indexOf('beta'));
    expect(order.indexOf('nesterov')).toBeLessThan(order.indexOf('warm'));
    const groups = encoded.groups.map((group) => group.map((d) => encoded.dimensions[d]!.name));
    expect(groups).toEqual([
      ['opt', 'lr', 'units', 'kernel', 'drop', 'fixed'],
      ['beta'],
      ['nesterov'],
      ['warm'],
    ]);
    expect(encoded.conditional).toBe(true);
    expect(encoded.discrete).toBe(false);
  });

  it('maps every value of a grid to the unit interval and exactly back', () => {
    for (const dimension of encoded.dimensions.filter(({ cells }) => Number.isFinite(cells)))
      for (let cell = 0; cell < dimension.cells; cell++) {
        const value = dimension.categorical ? cell : gridValue(dimension, cell);
        const u = toUnit(dimension, value);
        expect(u > 0 && u < 1).toBe(true);
        expect(fromUnit(dimension, u)).toBe(value);
      }
  });

  it('has decimal grid values without binary dust, and both ends', () => {
    const drop = encoded.dimensions[encoded.indexOf.get('drop')!]!;
    expect(Array.from({ length: 7 }, (_, cell) => gridValue(drop, cell))).toEqual([
      0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7,
    ]);
  });

  it('maps continuous values there and back, ends exactly', () => {
    const lr = encoded.dimensions[encoded.indexOf.get('lr')!]!;
    expect([toUnit(lr, 1e-5), toUnit(lr, 1e-1), fromUnit(lr, 0), fromUnit(lr, 1)]).toEqual([
      0, 1, 1e-5, 1e-1,
    ]);
    expect(toUnit(lr, 1e-3)).toBeCloseTo(0.5, 12);
    for (const u of [0.001, 0.3, 0.77]) expect(toUnit(lr, fromUnit(lr, u))).toBeCloseTo(u, 12);
  });

  it('gives every cell of a grid the same share of the unit interval, in the logarithm if log', () => {
    const units = encoded.dimensions[encoded.indexOf.get('units')!]!;
    const counts = new Map<number, number>();
    for (let i = 0; i < 3200; i++) {
      const value = fromUnit(units, (i + 0.5) / 3200);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect(new Set(counts.values())).toEqual(new Set([100]));
    const kernel = encoded.dimensions[encoded.indexOf.get('kernel')!]!;
    expect(fromUnit(kernel, 0.5)).toBe(Math.round(Math.sqrt(0.5 * 64.5)));
  });

  it('drops what is inactive, absent or outside the current space, without a complaint', () => {
    const params = { lr: 0.5, units: 17, kernel: 2, opt: 'adam', beta: 0.5, fixed: 2, unknown: 1 };
    expect(fromRow(encoded, toRow(encoded, params))).toEqual({ kernel: 2, opt: 'adam', fixed: 2 });
  });

  it('respects nested conditions when it fills a row', () => {
    const params = fromRow(
      encoded,
      rowFromUnit(encoded, () => 0),
    );
    expect(params).toEqual({
      beta: 0,
      lr: 1e-5,
      units: 16,
      kernel: 1,
      drop: 0.1,
      opt: 'sgd',
      nesterov: true,
      warm: 0,
      fixed: 2,
    });
    expect(
      Object.keys(
        fromRow(
          encoded,
          rowFromUnit(encoded, () => 0.99),
        ),
      ),
    ).toEqual(['lr', 'units', 'kernel', 'drop', 'opt', 'fixed']);
  });

  it.each<[string, unknown, string]>([
    ['no parameters', {}, 'space'],
    ['an inverted range', { a: { type: 'float', low: 1, high: 0 } }, 'space.a.high'],
    ['log from 0', { a: { type: 'float', low: 0, high: 1, log: true } }, 'space.a.low'],
    ['a step that does not divide', { a: { type: 'int', low: 0, high: 5, step: 2 } }, 'space.a.step'],
    ['no choices', { a: { type: 'categorical', choices: [] } }, 'space.a.choices'],
    [
      'a condition on nothing',
      { a: { type: 'int', low: 0, high: 1, when: { param: 'b', in: [1] } } },
      'space.a.when.param',
    ],
    ['a range that is not finite', { a: { type: 'float', low: 0, high: Infinity } }, 'space.a.high'],
    ['no space at all', null, 'space'],
  ])('refuses %s and names the field', (_, bad, field) => {
    expect(() => encodeSpace(bad as SearchSpace)).toThrow(
      expect.objectContaining({
        code: 'request-invalid',
        problems: [expect.objectContaining({ field })],
      }),
    );
  });
});
