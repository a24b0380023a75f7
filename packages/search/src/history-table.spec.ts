import { describe, expect, it } from '@jest/globals';
import { streamOf } from '@onegin/contracts';
import { HistoryTable } from './history-table.ts';
import { encodeSpace, toRow } from './space-encoding.ts';
import type { Trial } from './trial-history.ts';

const encoded = encodeSpace({
  x: { type: 'float', low: 0, high: 1 },
  n: { type: 'int', low: 0, high: 5, when: { param: 'c', in: ['a'] } },
  c: { type: 'categorical', choices: ['a', 'b'] },
});
const random = streamOf(1, 'history');
const trials = Array.from({ length: 200 }, (_, number): Trial => {
  const c = random.uniform() < 0.5 ? 'a' : 'b';
  const params = { x: random.uniform(), c, ...(c === 'a' ? { n: random.integer(6) } : {}) };
  return { number, params, state: 'completed', values: [0], reports: [] };
});

describe('the history table', () => {
  const orders = (table: HistoryTable): number[][] =>
    encoded.dimensions.map((_, d) => [...table.sortedBy(d)]);

  it('that grew trial by trial holds what a new one holds', () => {
    const grown = new HistoryTable(encoded);
    for (let count = 1; count <= trials.length; count++) {
      grown.sync(trials.slice(0, count));
      // Asked for at some sizes only, so that both ways of sorting in are used.
      if (count % 7 === 0 || count > 190) orders(grown);
    }
    const fresh = new HistoryTable(encoded);
    fresh.sync(trials);
    expect(orders(grown)).toEqual(orders(fresh));
    expect(grown.rows).toEqual(fresh.rows);
  });

  it('follows a history that was cut or changed', () => {
    const table = new HistoryTable(encoded);
    table.sync(trials);
    orders(table);
    const changed = [...trials.slice(0, 50), ...trials.slice(120)];
    table.sync(changed);
    const fresh = new HistoryTable(encoded);
    fresh.sync(changed);
    expect(orders(table)).toEqual(orders(fresh));
    expect(table.has(toRow(encoded, trials[60]!.params))).toBe(false);
    expect(table.has(toRow(encoded, trials[130]!.params))).toBe(true);
  });
});
