/** The value against each parameter alone; later trials are stronger, so that the search can be seen closing in. */
import { rampColor, type StudyState } from '@onegin/contracts';
import type { EChartsOption, ScatterSeriesOption } from 'echarts';
import { categoryAxis, numberAxis, panelTitle } from '../axes.ts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import type { ChartData, ChartView } from '../chart-view.ts';
import { formatNumber, plural, sentences, tooltipText } from '../format.ts';
import { gridOf, inset, panels } from '../layout.ts';
import { thinned } from '../thinning.ts';
import { axisValue, formatParameter, scalesByInterest, type ParameterScale } from './parameter-scale.ts';
import {
  bestOf,
  beyondNote,
  clampTo,
  drawnNote,
  NO_TRIAL_YET,
  limitsOf,
  scoredStudy,
  type Objective,
  type StudyChoice,
  type ValueRange,
} from './scored-trials.ts';

const MOST_PANELS = 12;
const PANELS = { minWidth: 200, maxColumns: 4, gap: 18 };
/** Of all panels together. */
const MOST_POINTS = 6000;

export interface SlicePanel {
  readonly scale: ParameterScale;
  /** [axis value, shown value, number, value]; trials that did not use the parameter are left out. */
  readonly points: readonly (readonly [number, number, number, number])[];
  readonly notUsed: number;
}

export interface SliceData extends ChartData {
  readonly objective: Objective;
  readonly panels: readonly SlicePanel[];
  readonly range: ValueRange | null;
  readonly best: number | null;
  readonly lastNumber: number;
}

export function sliceData(state: StudyState, choice: StudyChoice = {}): SliceData {
  const { objective, scored, range } = scoredStudy(state, choice);
  const scales = scalesByInterest(state, choice);
  const shownScales = scales.slice(0, MOST_PANELS);
  const best = bestOf(scored, objective);
  const limit = Math.floor(MOST_POINTS / Math.max(1, shownScales.length));
  const shown = thinned(scored, limit, ({ number }) => number === best?.number);
  return {
    title: 'Slice',
    summary: `${objective.name} against each parameter; strong points are late trials.`,
    empty:
      scored.length === 0
        ? NO_TRIAL_YET
        : scales.length === 0
          ? 'No parameter of this study takes more than one value.'
          : null,
    note: sentences(
      scales.length > MOST_PANELS ? `${MOST_PANELS} of ${plural(scales.length, 'parameter')}.` : null,
      drawnNote(shown.length, scored.length),
      beyondNote(range, 'drawn at'),
    ),
    rows: { count: shownScales.length, height: 215, panels: PANELS },
    objective,
    panels: shownScales.map((scale) => {
      const points: [number, number, number, number][] = [];
      for (const { number, value, trial } of shown) {
        const at = axisValue(scale, trial.params);
        if (at !== null) points.push([at, range ? clampTo(value, range) : value, number, value]);
      }
      return { scale, points, notUsed: shown.length - points.length };
    }),
    range,
    best: best?.number ?? null,
    lastNumber: state.trials.length - 1,
  };
}

export function sliceOption(data: SliceData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const areas = panels(box, data.panels.length, PANELS);
    const limits = limitsOf(data.range, 3);
    const colorOf = recencyColors(view, data.lastNumber);
    return {
      titles: data.panels.map(({ scale, notUsed }, i) =>
        panelTitle(view, areas[i]!, scale.name, notUsed > 0 ? `not used by ${plural(notUsed, 'trial')}` : ''),
      ),
      grid: areas.map((area) => gridOf(inset(area, { left: 42, right: 12, top: 24, bottom: 26 }))),
      xAxis: data.panels.map(({ scale }, grid) =>
        scaleAxis(view, scale, { grid, length: areas[grid]!.width - 54 }),
      ),
      yAxis: data.panels.map((_, grid) =>
        numberAxis(view, { grid, lines: true, ...limits, format: (v) => formatNumber(v, 3) }),
      ),
      tooltip: itemTooltip(view, (item) => hoverText(data, item)),
      series: data.panels.map((panel, grid) => pointsOf(data, panel, grid, view, colorOf)),
    };
  });
}

export interface ScaleAxisChoice {
  readonly grid: number;
  readonly name?: string;
  /** Length of the axis in pixels, so that the names of choices share it. */
  readonly length?: number;
}

/** An axis over a parameter's range. */
export function scaleAxis(view: ChartView, scale: ParameterScale, choice: ScaleAxisChoice) {
  const { length, ...place } = choice;
  const { categories, low, high, log } = scale;
  if (categories) {
    const labelWidth = length === undefined ? 44 : Math.max(24, length / categories.length - 4);
    return categoryAxis(view, { ...place, labels: categories, labelWidth, all: categories.length <= 12 });
  }
  const air = log ? 0 : 0.03 * (high - low || 1);
  const factor = log ? (high / low) ** 0.03 : 1;
  return numberAxis(view, {
    ...place,
    log,
    min: low / factor - air,
    max: high * factor + air,
    labels: 3,
    format: (value) => (beyond(scale, value) ? '' : formatNumber(value, 3)),
  });
}

/** The air around a range carries no label; a billionth covers rounding. */
const beyond = ({ low, high }: ParameterScale, value: number): boolean =>
  value < low - 1e-9 * Math.abs(low) || value > high + 1e-9 * Math.abs(high);

/** The color of a trial's number, in a few steps that an eye can tell apart. */
function recencyColors({ theme }: ChartView, lastNumber: number): (number: number) => string {
  const steps = 32;
  const colors = Array.from({ length: steps + 1 }, (_, i) =>
    rampColor(theme.recency, 0.25 + (0.75 * i) / steps),
  );
  return (number) => colors[Math.round((steps * number) / Math.max(1, lastNumber))]!;
}

function pointsOf(
  data: SliceData,
  { scale, points }: SlicePanel,
  grid: number,
  view: ChartView,
  colorOf: (number: number) => string,
): ScatterSeriesOption {
  const { theme } = view;
  const dense = points.length > 300;
  return {
    type: 'scatter',
    name: scale.name,
    xAxisIndex: grid,
    yAxisIndex: grid,
    symbolSize: dense ? 4 : 6,
    data: points.map(([x, y, number, value]) => {
      const best = number === data.best;
      return {
        name: String(number),
        value: [x, y, value],
        itemStyle: { color: best ? theme.accent : colorOf(number), opacity: best ? 1 : 0.75 },
        ...((best || view.selected?.includes(number)) && {
          symbol: best ? 'diamond' : 'circle',
          symbolSize: 11,
        }),
      };
    }),
  };
}

function hoverText({ objective, panels: all }: SliceData, { name, value, seriesName }: Hovered): string {
  const scale = all.find((panel) => panel.scale.name === seriesName)?.scale;
  const parameter = scale?.categories?.[value[0]!] ?? value[0];
  return tooltipText(
    `Trial ${name}`,
    `${seriesName}: ${formatParameter(parameter)}`,
    `${objective.name} ${formatNumber(value[2])}`,
  );
}
