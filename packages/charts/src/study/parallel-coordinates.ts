/**
 * Every trial as a line through its parameters to its value, the best lines on top.
 *
 * All axes run over shares of their range, so that a logarithmic one, choices and "not used" can stand side by
 * side, and a page that brushes an axis filters by `positions` alone.
 */
import type { Params, StudyState } from '@onegin/contracts';
import type { EChartsOption } from 'echarts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import { isNarrow, type ChartData, type ChartView } from '../chart-view.ts';
import { formatNumber, plainName, plural, sentences, tooltipText } from '../format.ts';
import { scaleBar } from '../marks.ts';
import { evenIndices, thinned } from '../thinning.ts';
import { NOT_USED, objectivePosition, parameterPosition } from './parallel-positions.ts';
import {
  axisShare,
  axisValueAt,
  parameterLines,
  scalesByInterest,
  type ParameterScale,
} from './parameter-scale.ts';
import { goodness, NO_TRIAL_YET, scoredStudy, type Objective, type StudyChoice } from './scored-trials.ts';

const MOST_LINES = 1000;
/** Of the lines, where there are too many: the best trials, all of them; the others stand for the rest. */
const BEST_SHARE = 1 / 3;
/** More are drawn over several frames, so that a page answers between them. */
const LINES_AT_ONCE = 300;
/** At most this many are redrawn while a brush moves. */
const MOST_LINES_AT_ONCE = 500;
/** Of a brushed area of an axis. */
export const BRUSH_OPACITY = 0.25;
const MOST_AXES = 18;
const MOST_AXES_NARROW = 6;
const MOST_TICK_LABELS = 8;
/** Of a long parameter name, in pixels. */
const NAME_WIDTH = 104;

export interface ParallelAxis {
  readonly name: string;
  /** Whether "not used" has a place on it. */
  readonly conditional: boolean;
  readonly ticks: readonly { readonly position: number; readonly label: string }[];
}

export interface ParallelLine {
  readonly number: number;
  readonly value: number;
  /** One per axis, in [0, 1], or NOT_USED; the last is the objective's. */
  readonly positions: readonly number[];
  /** Place of the value on the color scale, in [0, 1]. */
  readonly goodness: number;
  readonly params: Params;
}

export interface ParallelCoordinatesData extends ChartData {
  readonly objective: Objective;
  readonly axes: readonly ParallelAxis[];
  /** The best last, so that they are drawn on top. */
  readonly lines: readonly ParallelLine[];
}

export function parallelCoordinatesData(
  state: StudyState,
  choice: StudyChoice = {},
): ParallelCoordinatesData {
  const { objective, scored, range } = scoredStudy(state, choice);
  const scales = scalesByInterest(state, choice).slice(0, MOST_AXES);
  const ordered = [...scored].sort((a, b) =>
    objective.direction === 'maximize' ? a.value - b.value : b.value - a.value,
  );
  const most = choice.mostLines ?? MOST_LINES;
  const kept = Math.min(Math.ceil(scored.length / 10), Math.floor(most * BEST_SHARE));
  const shown = thinned(ordered, most, (_, i) => i >= ordered.length - kept);
  const left = Object.keys(state.config.space).length - scales.length;
  return {
    title: 'Parallel coordinates',
    summary: `${plural(shown.length, 'trial')} from parameters to ${objective.name}; light lines are better.`,
    empty: scored.length === 0 ? NO_TRIAL_YET : null,
    note: sentences(
      shown.length < scored.length
        ? `${plural(shown.length, 'line')} of ${plural(scored.length, 'trial')}, the best ${kept} among them.`
        : null,
      left > 0 ? `${plural(left, 'parameter')} without an axis.` : null,
    ),
    objective,
    axes: [...scales.map(parameterAxis), objectiveAxis(objective, range)],
    lines: shown.map(({ number, value, trial }) => ({
      number,
      value,
      positions: [
        ...scales.map((scale) => parameterPosition(scale, trial.params)),
        objectivePosition(value, range),
      ],
      goodness: range ? goodness(value, range, objective.direction) : 1,
      params: trial.params,
    })),
  };
}

function parameterAxis(scale: ParameterScale): ParallelAxis {
  const absent = scale.conditional ? [{ position: NOT_USED, label: 'not used' }] : [];
  const ticks = scale.categories ? choiceTicks(scale, scale.categories) : numberTicks(scale);
  return { name: scale.name, conditional: scale.conditional, ticks: [...absent, ...ticks] };
}

const choiceTicks = (scale: ParameterScale, names: readonly string[]) =>
  names
    .map((label, i) => ({ position: axisShare(scale, i), label: plainName(label, 16) }))
    .filter((_, i) => names.length <= MOST_TICK_LABELS || i === 0 || i === names.length - 1);

const QUARTERS = [0, 0.25, 0.5, 0.75, 1];

/** Ticks at values that the parameter can take, at most five. */
function numberTicks(scale: ParameterScale) {
  const { low, high, step, log } = scale;
  const tick = (value: number) => ({ position: axisShare(scale, value), label: formatNumber(value, 3) });
  if (high <= low) return [tick(low)];
  if (step === null || log) return QUARTERS.map((share) => tick(axisValueAt(scale, share)));
  return evenIndices(Math.round((high - low) / step) + 1, QUARTERS.length).map((i) => tick(low + i * step));
}

function objectiveAxis(objective: Objective, range: { low: number; high: number } | null): ParallelAxis {
  if (!range) return { name: objective.name, conditional: false, ticks: [] };
  const { low, high } = range;
  const ticks = (high > low ? QUARTERS : [0.5]).map((position) => ({
    position,
    label: formatNumber(high > low ? low + position * (high - low) : low, 3),
  }));
  return { name: objective.name, conditional: false, ticks };
}

export function parallelCoordinatesOption(data: ParallelCoordinatesData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const { theme } = view;
    // On a phone only the first axes fit; the objective's is always one of them.
    const last = data.axes.length - 1;
    const most = isNarrow(view) ? MOST_AXES_NARROW : data.axes.length;
    const dims = [...data.axes.keys()].filter((i) => i < most - 1 || i === last);
    const strength = Math.max(0.12, Math.min(0.75, 40 / data.lines.length));
    const selected = new Set(view.selected ?? []);
    return {
      parallel: {
        left: box.left + 34,
        right: view.width - box.left - box.width + 76,
        top: box.top + 46,
        bottom: view.height - box.top - box.height + 22,
      },
      parallelAxis: dims.map((dim, i) => ({
        ...axisOption(data.axes[dim]!, i, view, box.width / dims.length),
        // While a brush is drawn, thousands of lines would not keep up.
        realtime: data.lines.length <= MOST_LINES_AT_ONCE,
      })),
      visualMap: {
        dimension: dims.length,
        seriesIndex: 0,
        ...scaleBar(view, box, 'best', 'worst'),
        inRange: { color: [...theme.scale], colorAlpha: strength },
        controller: { inRange: { color: [...theme.scale], colorAlpha: 1 } },
      },
      tooltip: itemTooltip(view, (item) => hoverText(data, item)),
      series: [
        {
          ...linesOf('trials', data.lines, dims),
          // Strength is the color's own: as opacity of each line it would cost a renderer a layer of each.
          lineStyle: { width: 1.25, opacity: 1 },
          progressive: LINES_AT_ONCE,
          progressiveThreshold: LINES_AT_ONCE,
        },
        {
          ...linesOf(
            'selected',
            data.lines.filter(({ number }) => selected.has(number)),
            dims,
          ),
          lineStyle: { width: 2, opacity: 1, color: theme.text },
        },
        {
          ...linesOf('best', data.lines.slice(-1), dims),
          lineStyle: { width: 2.5, opacity: 1, color: theme.accent },
        },
      ],
    };
  });
}

const linesOf = (name: string, lines: readonly ParallelLine[], dims: readonly number[]) => ({
  type: 'parallel' as const,
  name,
  smooth: 0,
  emphasis: { lineStyle: { width: 3, opacity: 1 } },
  data: lines.map(({ number, positions, goodness }) => ({
    name: String(number),
    value: [...dims.map((dim) => positions[dim]!), goodness],
  })),
});

/** An axis with `room` pixels to the next one. Names too wide for that stand at two heights in turn. */
function axisOption(
  { name, conditional, ticks }: ParallelAxis,
  dim: number,
  { theme }: ChartView,
  room: number,
) {
  const crowded = room < NAME_WIDTH;
  const labels = new Map(ticks.map(({ position, label }) => [position, label]));
  const values = ticks.map(({ position }) => position);
  const face = { fontFamily: theme.fontFamily, fontSize: 11 };
  return {
    // What is brushed on it is said under this name.
    id: name,
    dim,
    name: plainName(name, 18),
    type: 'value' as const,
    min: conditional ? NOT_USED : 0,
    max: 1,
    nameLocation: 'end' as const,
    nameTruncate: { maxWidth: crowded ? 2 * room - 8 : room - 4, ellipsis: '…' },
    nameGap: crowded && dim % 2 === 1 ? 27 : 12,
    nameTextStyle: { ...face, color: theme.text, fontWeight: 600 as const },
    areaSelectStyle: {
      width: 20,
      borderWidth: 1,
      borderColor: theme.accent,
      color: theme.accent,
      opacity: BRUSH_OPACITY,
    },
    axisLine: { lineStyle: { color: theme.rule } },
    axisTick: { show: true, customValues: values, length: 3, lineStyle: { color: theme.rule } },
    axisLabel: {
      ...face,
      color: theme.muted,
      customValues: values,
      width: Math.max(24, room - 16),
      overflow: 'truncate' as const,
      ellipsis: '…',
      formatter: (value: number) => labels.get(value) ?? '',
      // A halo keeps labels readable over the lines.
      textBorderColor: theme.background,
      textBorderWidth: 3,
    },
    splitLine: { show: false },
  };
}

function hoverText({ lines, objective }: ParallelCoordinatesData, { name }: Hovered): string {
  const line = lines.find(({ number }) => String(number) === name);
  if (!line) return '';
  const value = `${objective.name} ${formatNumber(line.value)}`;
  return tooltipText(`Trial ${line.number}`, value, ...parameterLines(line.params));
}
