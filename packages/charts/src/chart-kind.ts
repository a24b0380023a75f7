/** What the catalogue says of a kind of chart, and how a chart is made of its data() and its option(). */
import type { StudyState, TrialMetrics } from '@onegin/contracts';
import type { EChartsOption } from 'echarts';
import { suitableHeight, type ChartData, type ChartView } from './chart-view.ts';
import type { StudyChoice } from './study/scored-trials.ts';
import type { ChartTheme } from './theme.ts';

interface ChartKind {
  /** Name in addresses, artifact kinds and file names. */
  readonly kind: string;
  readonly title: string;
  /** One sentence for people: what to look for. */
  readonly explanation: string;
  /** What must have been measured for it. */
  readonly needs: string;
  /** Size of a file in CSS pixels; the data may ask for another height (`suitableHeight`). */
  readonly size: { readonly width: number; readonly height: number };
}

/** A chart at the size of its file. */
export interface ChartFile {
  readonly width: number;
  readonly height: number;
  readonly option: EChartsOption;
}

/** A chart of some data, for a page that decides about its size: the data is made once. */
export interface Drawing {
  /** At which it reads well; `usual` where the data has no say in it. */
  readonly height: (width: number, usual: number) => number;
  readonly option: (view: ChartView) => EChartsOption;
}

export interface TrialChart extends ChartKind {
  readonly target: 'trial';
  readonly drawing: (metrics: TrialMetrics) => Drawing;
  readonly file: (metrics: TrialMetrics, theme: ChartTheme, width?: number) => ChartFile;
}

export interface StudyChart extends ChartKind {
  readonly target: 'study';
  readonly drawing: (state: StudyState, choice?: StudyChoice) => Drawing;
  readonly file: (state: StudyState, theme: ChartTheme, choice?: StudyChoice, width?: number) => ChartFile;
}

type Description = Omit<ChartKind, 'kind' | 'size'> & { size?: ChartKind['size'] };

const WIDE = { width: 960, height: 540 };

/** A chart of one trial's metrics; data and option are joined here, where their types are known to fit. */
export const trialChart = <Data extends ChartData>(
  kind: string,
  { size = WIDE, ...description }: Description,
  data: (metrics: TrialMetrics) => Data,
  option: (data: Data, view: ChartView) => EChartsOption,
): TrialChart => ({
  kind,
  target: 'trial',
  size,
  ...description,
  drawing: (metrics) => drawingOf(data(metrics), option),
  file: (metrics, theme, width = size.width) => fileOf(data(metrics), option, { ...size, width }, theme),
});

/** A chart of a whole study. */
export const studyChart = <Data extends ChartData>(
  kind: string,
  { size = WIDE, ...description }: Description,
  data: (state: StudyState, choice?: StudyChoice) => Data,
  option: (data: Data, view: ChartView) => EChartsOption,
): StudyChart => ({
  kind,
  target: 'study',
  size,
  ...description,
  drawing: (state, choice) => drawingOf(data(state, choice), option),
  file: (state, theme, choice, width = size.width) =>
    fileOf(data(state, choice), option, { ...size, width }, theme),
});

const drawingOf = <Data extends ChartData>(
  data: Data,
  option: (data: Data, view: ChartView) => EChartsOption,
): Drawing => ({
  height: (width, usual) => Math.max(usual, suitableHeight(data, width, usual)),
  option: (view) => option(data, view),
});

function fileOf<Data extends ChartData>(
  data: Data,
  option: (data: Data, view: ChartView) => EChartsOption,
  { width, height: usual }: ChartKind['size'],
  theme: ChartTheme,
): ChartFile {
  const height = suitableHeight(data, width, usual);
  return { width, height, option: option(data, { theme, width, height, heading: true }) };
}
