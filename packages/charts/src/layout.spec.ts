import { describe, expect, it } from '@jest/globals';
import { suitableHeight, type ChartData } from './chart-view.ts';
import { inset, panels } from './layout.ts';

const box = { left: 10, top: 20, width: 620, height: 300 };

describe('panels', () => {
  it('share the box in rows, without overlap', () => {
    expect(panels(box, 4, { minWidth: 200, maxColumns: 2, gap: 20 })).toEqual([
      { left: 10, top: 20, width: 300, height: 140 },
      { left: 330, top: 20, width: 300, height: 140 },
      { left: 10, top: 180, width: 300, height: 140 },
      { left: 330, top: 180, width: 300, height: 140 },
    ]);
  });

  it('spread evenly over the rows rather than leave one alone', () => {
    const tops = panels({ ...box, width: 2000 }, 8, { minWidth: 200, maxColumns: 6 }).map(({ top }) => top);
    expect(new Set(tops).size).toBe(2);
    expect(tops.filter((top) => top === tops[0])).toHaveLength(4);
  });

  it('stand below each other where the box is narrow, and are none for none', () => {
    expect(panels({ ...box, width: 150 }, 3, { minWidth: 200 }).map(({ left }) => left)).toEqual([
      10, 10, 10,
    ]);
    expect(panels(box, 0, { minWidth: 200 })).toEqual([]);
  });
});

describe('inset', () => {
  it('leaves at least a pixel', () => {
    expect(inset(box, { left: 400, right: 400, top: 0, bottom: 0 }).width).toBe(1);
  });
});

describe('suitableHeight', () => {
  const data: ChartData = {
    title: '',
    summary: '',
    note: null,
    empty: null,
    rows: { count: 6, height: 200, panels: { minWidth: 200, maxColumns: 3, gap: 20 } },
  };

  it('grows with the rows that the width leads to', () => {
    expect(suitableHeight(data, 1000, 540)).toBe(96 + 2 * 200);
    expect(suitableHeight(data, 360, 540)).toBe(96 + 6 * 200);
    expect(suitableHeight({ ...data, rows: { count: 10, height: 30 } }, 360, 540)).toBe(96 + 300);
    expect(suitableHeight({ ...data, rows: { count: 1, height: 30 } }, 360, 540)).toBe(240);
  });

  it('is the usual one where rows have no say', () => {
    expect(suitableHeight({ ...data, empty: 'Nothing yet.' }, 360, 540)).toBe(540);
    expect(suitableHeight({ title: '', summary: '', note: null, empty: null }, 360, 540)).toBe(540);
  });
});
