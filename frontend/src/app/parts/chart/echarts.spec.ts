import { describe, expect, it } from '@jest/globals';
import { lightTheme, studyCharts, trialCharts } from '@onegin/charts';
import { needsFurtherParts } from './load-echarts.ts';
import { sampleImportance, sampleStudy, sampleTrialMetrics } from '@onegin/charts/testing';

/** What `echarts.ts` hands to ECharts, and what needs no part. An option beside these is ignored without a word. */
const PARTS = [
  ...['aria', 'grid', 'legend', 'parallel', 'title', 'tooltip', 'visualMap'],
  ...['xAxis', 'yAxis', 'parallelAxis', 'series'],
  ...['animation', 'animationDuration', 'animationDurationUpdate', 'backgroundColor', 'color', 'textStyle'],
];
const SERIES = ['bar', 'line', 'parallel', 'scatter'];
/** What `further-echarts.ts` adds. */
const FURTHER = {
  parts: ['radar'],
  series: ['custom', 'heatmap', 'radar'],
  marks: ['markLine', 'markPoint'],
};

const files = [
  ...studyCharts.map(({ kind, file }) => [
    kind,
    file(sampleStudy({ trials: 40, running: 2 }), lightTheme, { importance: sampleImportance }).option,
  ]),
  ...trialCharts.map(({ kind, file }) => [kind, file(sampleTrialMetrics(), lightTheme).option]),
] as [string, Record<string, unknown>][];

describe("the page's parts of ECharts", () => {
  it.each(files)('are all that %s needs', (_, option) => {
    const further = needsFurtherParts(option) ? FURTHER : { parts: [], series: [], marks: [] };
    expect([...PARTS, ...further.parts]).toEqual(expect.arrayContaining(Object.keys(option)));
    const series = [option['series']].flat() as Record<string, unknown>[];
    const types = series.map(({ type }) => type);
    expect([...SERIES, ...further.series]).toEqual(expect.arrayContaining(types));
    const marks = series.flatMap((one) => Object.keys(one).filter((key) => key.startsWith('mark')));
    expect(further.marks).toEqual(expect.arrayContaining(marks));
    const arranged = series.some((one) => 'labelLayout' in one);
    expect(arranged && further !== FURTHER).toBe(false);
    const maps = [option['visualMap'] ?? []].flat() as Record<string, unknown>[];
    expect(maps.filter(({ type }) => type !== 'continuous')).toEqual([]);
    const legends = [option['legend'] ?? []].flat() as Record<string, unknown>[];
    expect(legends.filter(({ type }) => type !== 'plain')).toEqual([]);
  });

  it('are few for the charts that stand at the top of every study', () => {
    const standing = new Set(['optimization-history', 'parallel-coordinates', 'importance']);
    const first = files.filter(([kind]) => standing.has(kind));
    expect(first.map(([, option]) => needsFurtherParts(option))).toEqual([false, false, false]);
  });
});
