import { describe, expect, it } from '@jest/globals';
import { axesOf, seriesOf, textsOf, tooltipOf, valuesOf } from '../testing/read-option.ts';
import { testView } from '../testing/test-view.ts';
import { confusionMatrixData, confusionMatrixOption } from './confusion-matrix.ts';

const metrics = {
  classes: ['ham', 'spam'],
  confusion: [
    [9, 1],
    [0, 10],
  ],
};

describe('confusion matrix', () => {
  it('holds the share of each true class, rows down and predictions across', () => {
    const data = confusionMatrixData(metrics);
    expect(data.cells).toEqual([
      { x: 0, y: 0, count: 9, share: 0.9 },
      { x: 1, y: 0, count: 1, share: 0.1 },
      { x: 1, y: 1, count: 10, share: 1 },
    ]);
    expect(data.summary).toBe('19 of 20 samples right; most often ham is taken for spam (1 times).');
  });

  it('colors by the square root of the share and writes the count', () => {
    const option = confusionMatrixOption(confusionMatrixData(metrics), testView);
    const [cells] = seriesOf(option);
    expect(valuesOf(cells!)[1]).toEqual([1, 0, Math.sqrt(0.1), 1, 0.1]);
    const { show, formatter } = cells!['label'] as { show: boolean; formatter: (at: unknown) => string };
    expect([show, formatter({ value: [1, 0, 0.3, 1234, 0.1] })]).toEqual([true, '1,234']);
    expect(axesOf(option, 'yAxis')[0]).toMatchObject({ data: ['ham', 'spam'], inverse: true, name: 'true' });
    expect(tooltipOf(option, { value: [1, 0, 0.3, 1, 0.1] })).toBe(
      '<strong>ham taken for spam</strong><br>1 sample, 10% of ham',
    );
  });

  it('writes no counts into a hundred classes and takes class names as text', () => {
    const classes = Array.from({ length: 100 }, (_, i) => `<b>${i}</b>`);
    const confusion = classes.map((_, y) => classes.map((__, x) => (x === y ? 5 : 0)));
    const data = confusionMatrixData({ classes, confusion });
    const option = confusionMatrixOption(data, testView);
    expect((seriesOf(option)[0]!['label'] as { show: boolean }).show).toBe(false);
    expect(data.summary).toBe('500 of 500 samples right, no mistake.');
    expect(tooltipOf(option, { value: [3, 3, 1, 5, 1] })).toContain('&lt;b&gt;3&lt;/b&gt; recognized');
  });

  it('is square, whatever the view', () => {
    const { grid } = confusionMatrixOption(confusionMatrixData(metrics), { ...testView, width: 360 }) as {
      grid: { width: number; height: number };
    };
    expect(grid.width).toBe(grid.height);
  });

  it('leaves out classes without samples and states when nothing was judged', () => {
    expect(
      confusionMatrixData({
        classes: ['a', 'b'],
        confusion: [
          [0, 0],
          [1, 3],
        ],
      }).cells,
    ).toHaveLength(2);
    const empty = confusionMatrixOption(confusionMatrixData({ classes: [], confusion: [] }), testView);
    expect(textsOf(empty)[1]).toMatch(/^The matrix appears when/);
  });
});
