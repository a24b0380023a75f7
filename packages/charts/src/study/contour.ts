/** The value as a landscape over two parameters; how it is smoothed stands in smooth-field.ts. */
import type { StudyState } from '@onegin/contracts';
import type { EChartsOption } from 'echarts';
import { panelTitle } from '../axes.ts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import type { ChartData, ChartView } from '../chart-view.ts';
import { formatNumber, plainName, plural, tooltipText } from '../format.ts';
import { gridOf, inset } from '../layout.ts';
import { scaleBar } from '../marks.ts';
import { extent, thinned } from '../thinning.ts';
import { axisValue, pairableScales, type ParameterScale } from './parameter-scale.ts';
import {
  clampTo,
  goodness,
  NO_TRIAL_YET,
  scoredStudy,
  shownRange,
  type Objective,
  type StudyChoice,
  type ValueRange,
} from './scored-trials.ts';
import { scaleAxis } from './slice.ts';
import { cellsOf, smoothField } from './smooth-field.ts';

/** More trials than this are sampled: the field does not change, its cost would. */
const MOST_TRIALS = 1500;
const MOST_POINTS = 600;

export interface ContourData extends ChartData {
  readonly objective: Objective;
  readonly x: ParameterScale | null;
  readonly y: ParameterScale | null;
  /** Cells per axis; a categorical parameter has one per choice. */
  readonly columns: number;
  readonly lines: number;
  /** [column, row, place on the color scale, value] of the cells that trials are near to. */
  readonly cells: readonly (readonly [number, number, number, number])[];
  /** [x, y, number, value] of the trials, in axis values. */
  readonly points: readonly (readonly [number, number, number, number])[];
  /** Of the smoothed field: what the color scale spans. */
  readonly range: ValueRange | null;
}

export function contourData(state: StudyState, choice: StudyChoice = {}): ContourData {
  const { objective, scored } = scoredStudy(state, choice);
  const [x = null, y = null] = pairableScales(state, choice, scored, 2);
  const used =
    x && y
      ? scored.filter(
          ({ trial }) => axisValue(x, trial.params) !== null && axisValue(y, trial.params) !== null,
        )
      : [];
  const range = shownRange(
    used.map(({ value }) => value),
    objective.direction,
  );
  const base = { title: 'Contour', objective, x, y, range };
  if (!x || !y || !range) {
    const empty =
      scored.length === 0 ? NO_TRIAL_YET : 'A contour needs two parameters that take more than one value.';
    return { ...base, summary: empty, empty, note: null, columns: 0, lines: 0, cells: [], points: [] };
  }
  const sampled = thinned(used, MOST_TRIALS, () => false);
  const field = smoothField(
    sampled,
    sampled.map(({ value }) => clampTo(value, range)),
    x,
    y,
  );
  const [columns, lines] = [cellsOf(x), cellsOf(y)];
  const [low, high] = extent(field.map(({ value }) => value))!;
  const shown = { low, high, beyond: 0 };
  return {
    ...base,
    range: shown,
    summary: `${objective.name} over ${x.name} and ${y.name}, smoothed from ${plural(used.length, 'trial')}; light is better.`,
    empty: null,
    note: field.length < columns * lines ? 'Empty where no trial is near.' : null,
    columns,
    lines,
    cells: field.map(({ column, row, value }) => [
      column,
      row,
      goodness(value, shown, objective.direction),
      value,
    ]),
    points: thinned(used, MOST_POINTS, () => false).map(({ number, value, trial }) => [
      axisValue(x, trial.params)!,
      axisValue(y, trial.params)!,
      number,
      value,
    ]),
  };
}

export function contourOption(data: ContourData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const { theme } = view;
    const [x, y] = [data.x!, data.y!];
    const { low, high } = data.range!;
    const [best, worst] = data.objective.direction === 'maximize' ? [high, low] : [low, high];
    const grid = gridOf(inset(box, { left: 56, right: 66, top: 28, bottom: 42 }));
    return {
      titles: [panelTitle(view, box, y.name)],
      // One grid for cells, which need numbered places, and one over it for the parameters' own axes.
      grid: [grid, grid],
      xAxis: [
        hidden(0, data.columns),
        exact(scaleAxis(view, x, { grid: 1, name: x.name, length: grid.width }), x),
      ],
      yAxis: [hidden(0, data.lines), exact(scaleAxis(view, y, { grid: 1 }), y)],
      visualMap: {
        seriesIndex: 0,
        dimension: 2,
        ...scaleBar(view, box, formatNumber(best, 3), formatNumber(worst, 3)),
      },
      tooltip: itemTooltip(view, (item) => hoverText(data, item)),
      series: [
        {
          type: 'heatmap',
          name: 'field',
          xAxisIndex: 0,
          yAxisIndex: 0,
          data: data.cells.map((cell) => [...cell]),
          silent: true,
          progressive: 0,
        },
        {
          type: 'scatter',
          name: 'trials',
          xAxisIndex: 1,
          yAxisIndex: 1,
          symbolSize: data.points.length > 200 ? 4 : 6,
          itemStyle: { color: theme.background, borderColor: theme.text, borderWidth: 1, opacity: 0.8 },
          data: data.points.map(([atX, atY, number, value]) => ({
            name: String(number),
            value: [atX, atY, value],
          })),
        },
      ],
    };
  });
}

const hidden = (gridIndex: number, cells: number) => ({
  type: 'category' as const,
  gridIndex,
  show: false,
  data: Array.from({ length: cells }, (_, i) => String(i)),
});

/** The cells fill the range exactly, so the axis over them has no air. */
const exact = <Axis extends object>(axis: Axis, { categories, low, high }: ParameterScale) =>
  categories ? axis : { ...axis, min: low, max: high };

function hoverText({ objective, x, y }: ContourData, { name, value }: Hovered): string {
  const text = (scale: ParameterScale | null, v: number) => scale?.categories?.[v] ?? formatNumber(v, 3);
  return tooltipText(
    `Trial ${name}`,
    `${plainName(x?.name)}: ${plainName(text(x, value[0]!))}`,
    `${plainName(y?.name)}: ${plainName(text(y, value[1]!))}`,
    `${objective.name} ${formatNumber(value[2])}`,
  );
}
