/** From what a trial or a study left to finished drawings, by the catalogue of packages/charts. Runs in the child. */
import { darkTheme, lightTheme, studyCharts, studyImportance, trialCharts } from '@onegin/charts';
import type { ChartFile, ChartTheme } from '@onegin/charts';
import { OneginError, parseOrThrow, trialMetricsSchema } from '@onegin/contracts';
import { drawSvg } from './draw-chart.ts';
import type { DrawingSource, DrawnChart } from './drawing-methods.ts';
import { rasterize } from './rasterize.ts';

export interface Drawings {
  /** Kinds, in the order of the catalogue. */
  readonly charts: readonly string[];
  draw(chart: string): DrawnChart;
}

const themes: Readonly<Record<string, ChartTheme>> = { light: lightTheme, dark: darkTheme };

/** @throws OneginError `plots-failed` when the metrics are not those of a trial */
export function openDrawings(source: DrawingSource, themeName: string): Drawings {
  const theme = themes[themeName] ?? lightTheme;
  const files = source.target === 'trial' ? trialFiles(source.metrics, theme) : studyFiles(source, theme);
  return {
    charts: [...files.keys()],
    draw: (chart) => {
      const file = files.get(chart);
      if (!file) throw new OneginError('plots-failed', `there is no chart ${chart}`);
      return drawn(chart, file(), theme);
    },
  };
}

type Files = ReadonlyMap<string, () => ChartFile>;

function trialFiles(bytes: Uint8Array, theme: ChartTheme): Files {
  const metrics = parseOrThrow(trialMetricsSchema, jsonOf(bytes), "the trial's metrics", 'plots-failed');
  return new Map(trialCharts.map((chart) => [chart.kind, () => chart.file(metrics, theme)]));
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch (error) {
    throw new OneginError('plots-failed', `the trial's metrics are no JSON: ${(error as Error).message}`);
  }
}

function studyFiles({ state }: Extract<DrawingSource, { target: 'study' }>, theme: ChartTheme): Files {
  // Charts of a few parameters show the most important ones.
  const found = studyImportance(state);
  const choice = found.available ? { importance: found.shares } : {};
  return new Map(studyCharts.map((chart) => [chart.kind, () => chart.file(state, theme, choice)]));
}

function drawn(chart: string, file: ChartFile, { background }: ChartTheme): DrawnChart {
  const svg = drawSvg(file.option, file, chart);
  return { svg: Buffer.from(svg), png: rasterize(svg, background) };
}
