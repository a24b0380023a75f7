import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromColumn, toColumn, type Column } from './columns.ts';

const there = (rows: readonly unknown[]): unknown => {
  const column = JSON.parse(JSON.stringify(toColumn(rows))) as Column;
  return fromColumn(column, rows.length);
};

describe('columns', () => {
  it('give back any rows that JSON can say', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 4 })), (rows) => {
        const plain: unknown = JSON.parse(JSON.stringify(rows));
        expect(there(plain as unknown[])).toEqual(plain);
      }),
    );
  });

  it('give back rows that are alike', () => {
    const row = fc.record(
      {
        number: fc.nat(),
        kind: fc.constant('conv'),
        params: fc.dictionary(fc.constantFrom('a', 'b', '__proto'), fc.nat()),
        failure: fc.option(fc.record({ code: fc.string() })),
        epochs: fc.array(fc.record({ loss: fc.integer(), layers: fc.constant({ c1: [1, null] }) })),
      },
      { requiredKeys: ['number', 'epochs'] },
    );
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const plain: unknown = JSON.parse(JSON.stringify(rows));
        expect(there(plain as unknown[])).toEqual(plain);
      }),
    );
  });

  it('say each key once, and what all rows share', () => {
    const rows = [1, 2, 3].map((number) => ({
      number,
      kind: 'cnn',
      epochs: [{ loss: number }, { loss: 0 }],
    }));
    expect(toColumn(rows)).toEqual({
      fields: {
        number: { of: { values: [1, 2, 3] } },
        kind: { of: { same: 'cnn' } },
        epochs: {
          of: {
            lengths: { same: 2 },
            items: { fields: { loss: { of: { values: [1, 0, 2, 0, 3, 0] } } } },
          },
        },
      },
    });
  });

  it('of no rows are none', () => {
    expect(there([])).toEqual([]);
    expect(there([[], []])).toEqual([[], []]);
    expect(there([{}, {}])).toEqual([{}, {}]);
  });

  it('take a key for what it is, also where every object inherits one of that name', () => {
    expect(there([{ toString: null }, {}])).toEqual([{ toString: null }, {}]);
  });
});
