import { describe, expect, it } from '@jest/globals';
import { handStudy } from '../testing/hand-study.ts';
import { seriesNamed, seriesOf, textsOf, valuesOf } from '../testing/read-option.ts';
import { sampleStudy } from '../testing/sample-study.ts';
import { testView } from '../testing/test-view.ts';
import { intermediateValuesData, intermediateValuesOption } from './intermediate-values.ts';

const state = handStudy([
  { accuracy: 0.8, epochs: [0.6, 0.8] },
  { accuracy: 0.7, epochs: [0.5, 0.7] },
  { status: 'pruned', epochs: [0.2, 0.3] },
  { status: 'running', epochs: [0.4] },
]);

describe('intermediate values', () => {
  it('draws trials of one state as one line with gaps between them', () => {
    const option = intermediateValuesOption(
      intermediateValuesData(
        handStudy([{ accuracy: 0.9, epochs: [0.9] }, { epochs: [0.1, 0.2] }, { epochs: [0.3] }]),
      ),
      testView,
    );
    expect(valuesOf(seriesNamed(option, 'completed'))).toEqual([
      [1, 0.1, 1],
      [2, 0.2, 1],
      [null, null, 1],
      [1, 0.3, 2],
      [null, null, 2],
    ]);
  });

  it('marks where pruned trials ended, and stresses the best', () => {
    const option = intermediateValuesOption(intermediateValuesData(state), testView);
    const ends = seriesNamed(option, 'pruned here');
    expect(valuesOf(ends)).toEqual([[2, 0.3, 2]]);
    expect(ends['symbol']).toBe(testView.theme.states.pruned.symbol);
    const best = seriesNamed(option, 'best');
    expect(valuesOf(best)).toEqual([
      [1, 0.6, 0],
      [2, 0.8, 0],
    ]);
    expect(best['color']).toBe(testView.theme.accent);
    expect(valuesOf(seriesNamed(option, 'running'))).toEqual([
      [1, 0.4, 3],
      [null, null, 3],
    ]);
  });

  it('gives selected trials a line of their own', () => {
    const option = intermediateValuesOption(intermediateValuesData(state), { ...testView, selected: [1] });
    expect(valuesOf(seriesNamed(option, '#1'))).toEqual([
      [1, 0.5, 1],
      [2, 0.7, 1],
    ]);
  });

  it('keeps a gap where an accuracy is missing', () => {
    const data = intermediateValuesData(handStudy([{ epochs: [0.1, null, 0.3] }]));
    expect(data.curves[0]!.points).toEqual([
      [1, 0.1],
      [2, null],
      [3, 0.3],
    ]);
  });

  it('draws five hundred of ten thousand trials, the best among them', () => {
    const large = sampleStudy({ trials: 10_000, epochs: 2 });
    const data = intermediateValuesData(large);
    expect(data.curves).toHaveLength(500);
    expect(data.curves.some(({ number }) => number === large.best)).toBe(true);
    expect(data.note).toBe('500 of 10,000 trials drawn.');
  });

  it('states what would be here', () => {
    const option = intermediateValuesOption(
      intermediateValuesData(handStudy([{ status: 'queued' }])),
      testView,
    );
    expect(seriesOf(option)).toEqual([]);
    expect(textsOf(option)[1]).toMatch(/^Curves appear here/);
  });
});
