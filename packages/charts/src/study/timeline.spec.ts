import { describe, expect, it } from '@jest/globals';
import { handStudy } from '../testing/hand-study.ts';
import { axesOf, seriesNamed, seriesOf, tooltipOf } from '../testing/read-option.ts';
import { sampleStudy } from '../testing/sample-study.ts';
import { testView } from '../testing/test-view.ts';
import { timelineData, timelineOption } from './timeline.ts';

const state = handStudy([
  { trainer: 'b', at: 10, epochs: [0.1, 0.2] },
  { trainer: 'a', at: 12, epochs: [0.1], status: 'pruned' },
  { trainer: 'a', at: 14, epochs: [0.1, 0.2, 0.3], status: 'running' },
  { status: 'queued', at: 15 },
]);

describe('timeline', () => {
  it('has a lane per trainer and a bar from start to end, in seconds since the first start', () => {
    const data = timelineData(state);
    expect(data.lanes).toEqual(['a', 'b']);
    expect(data.bars.map(({ lane, from, to, status }) => [lane, from, to, status])).toEqual([
      [1, 0, 2, 'completed'],
      [0, 2, 3, 'pruned'],
      [0, 4, 7, 'running'],
    ]);
    expect(data.summary).toBe('3 trainings on 2 trainers in 7 s.');
  });

  it('draws running trials up to now', () => {
    const start = state.trials[0]!.startedAt!;
    expect(timelineData(state, { now: start + 60_000 }).bars[2]!.to).toBe(60);
  });

  it('has one series per state and names the trial in the tooltip', () => {
    const option = timelineOption(timelineData(state), testView);
    expect(seriesOf(option).map(({ name }) => name)).toEqual(['completed', 'pruned', 'running']);
    expect(seriesNamed(option, 'pruned').data).toEqual([[0, 2, 3, 1]]);
    expect(axesOf(option, 'yAxis')[0]).toMatchObject({ data: ['a', 'b'] });
    expect(tooltipOf(option, { value: [0, 2, 3, 1] })).toBe(
      '<strong>Trial 1, pruned</strong><br>a<br>1 s, started 2 s in',
    );
  });

  it('draws a bar at least a pixel wide at its lane', () => {
    const [series] = seriesOf(timelineOption(timelineData(state), testView));
    const draw = series!['renderItem'] as (
      params: unknown,
      api: unknown,
    ) => { shape: Record<string, number> };
    const values = [1, 0, 0.001, 0];
    const api = {
      value: (i: number) => values[i],
      coord: ([x, y]: number[]) => [100 + x!, 50 + 30 * y!],
      size: () => [0, 30],
    };
    expect(draw({}, api).shape).toMatchObject({ x: 100, y: 71, width: 1, height: 18 });
  });

  it('keeps trials that wait without a trainer in a lane of their own', () => {
    const paused = handStudy([{ trainer: 'a', status: 'running', epochs: [0.1] }]);
    Object.assign(paused.trials[0]!, { status: 'paused', trainer: null });
    expect(timelineData(paused).lanes).toEqual(['no trainer now']);
  });

  it('joins what cannot be told apart in ten thousand trials', () => {
    const data = timelineData(sampleStudy({ trials: 10_000, epochs: 1, trainers: 4 }));
    expect(data.bars.length).toBeLessThan(4000);
    expect(data.bars.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
    expect(data.note).toMatch(/one bar/);
  });

  it('takes names of trainers as text and states what would be here', () => {
    const option = timelineOption(timelineData(handStudy([{ trainer: '<b>' }])), testView);
    expect(tooltipOf(option, { value: [0, 0, 1, 0] })).toContain('&lt;b&gt;');
    expect(timelineData(handStudy([])).empty).toMatch(/^Lanes appear/);
  });
});
