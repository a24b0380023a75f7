import { describe, expect, it } from '@jest/globals';
import { handStudy } from '../testing/hand-study.ts';
import { axesOf, seriesOf, textsOf, tooltipOf } from '../testing/read-option.ts';
import { testView } from '../testing/test-view.ts';
import { importanceData, importanceOption } from './importance.ts';

const state = handStudy([], {
  space: {
    lr: { type: 'float', low: 0, high: 1, explanation: 'How far <each> step goes.' },
    units: { type: 'int', low: 1, high: 2 },
  },
});

describe('importance', () => {
  it('sorts, names the first, and draws what it was given', () => {
    const data = importanceData(state, {
      importance: [
        { parameter: 'units', importance: 0.2 },
        { parameter: 'lr', importance: 0.7 },
      ],
    });
    expect(data.summary).toBe('lr explains 70% of the differences in accuracy.');
    const option = importanceOption(data, testView);
    expect(axesOf(option, 'yAxis')[0]).toMatchObject({ data: ['lr', 'units'], inverse: true });
    expect(seriesOf(option)[0]!.data).toEqual([0.7, 0.2]);
    expect(tooltipOf(option, { dataIndex: 0 })).toBe(
      '<strong>lr</strong><br>70%<br>How far &lt;each&gt; step goes.',
    );
  });

  it('leaves out what is no number and draws at most twenty', () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ parameter: `p${i}`, importance: i / 30 }));
    const data = importanceData(state, { importance: [...many, { parameter: 'x', importance: Number.NaN }] });
    expect(data.bars).toHaveLength(20);
    expect(data.note).toBe('20 of 30 parameters.');
  });

  it('states what would be here', () => {
    expect(textsOf(importanceOption(importanceData(state), testView))[1]).toMatch(
      /^Importance is computed when/,
    );
  });
});
