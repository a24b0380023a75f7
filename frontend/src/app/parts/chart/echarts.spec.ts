import { describe, expect, it } from '@jest/globals';
import { lightTheme, studyCharts, trialCharts } from '@onegin/charts';
import { sampleImportance, sampleStudy, sampleTrialMetrics } from '@onegin/charts/testing';

/** What `echarts.ts` hands to ECharts, and what needs no part. An option beside these is ignored without a word. */
const PARTS = [
  ...['aria', 'grid', 'legend', 'parallel', 'radar', 'title', 'tooltip', 'visualMap'],
  ...['xAxis', 'yAxis', 'parallelAxis', 'series'],
  ...['animation', 'animationDuration', 'animationDurationUpdate', 'backgroundColor', 'color', 'textStyle'],
];
const SERIES = ['bar', 'custom', 'heatmap', 'line', 'parallel', 'radar', 'scatter'];
const MARKS = ['markLine', 'markPoint'];

const files = [
  ...studyCharts.map(({ kind, file }) => [
    kind,
    file(sampleStudy({ trials: 40, running: 2 }), lightTheme, { importance: sampleImportance }).option,
  ]),
  ...trialCharts.map(({ kind, file }) => [kind, file(sampleTrialMetrics(), lightTheme).option]),
] as [string, Record<string, unknown>][];

describe("the page's parts of ECharts", () => {
  it.each(files)('are all that %s needs', (_, option) => {
    expect(PARTS).toEqual(expect.arrayContaining(Object.keys(option)));
    const series = [option['series']].flat() as Record<string, unknown>[];
    expect(SERIES).toEqual(expect.arrayContaining(series.map(({ type }) => type)));
    const marks = series.flatMap((one) => Object.keys(one).filter((key) => key.startsWith('mark')));
    expect(MARKS).toEqual(expect.arrayContaining(marks));
  });
});
