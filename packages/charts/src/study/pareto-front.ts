/**
 * Accuracy against size with health as color, whatever the study's mode. Diamonds are beaten by none in all three; the
 * line joins those that none is both smaller and more accurate than.
 */
import { insertIntoFront, objectiveNames, type StudyState } from '@onegin/contracts';
import type { EChartsOption } from 'echarts';
import { numberAxis, panelTitle } from '../axes.ts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import type { ChartData, ChartView } from '../chart-view.ts';
import { formatCount, formatNumber, formatShare, plural, tooltipText } from '../format.ts';
import { gridOf, inset } from '../layout.ts';
import { scaleBar } from '../marks.ts';
import { extent, thinned } from '../thinning.ts';
import {
  clampTo,
  NO_TRIAL_YET,
  shareLimits,
  shownRange,
  type StudyChoice,
  type ValueRange,
} from './scored-trials.ts';
import { threeObjectives, type ThreeObjectives } from './three-objectives.ts';

const MOST_POINTS = 2000;

export interface ParetoFrontData extends ChartData {
  readonly points: readonly (ThreeObjectives & { readonly onFront: boolean })[];
  /** The front of the two axes, by rising size. */
  readonly front: readonly ThreeObjectives[];
  readonly range: ValueRange | null;
  readonly sizes: readonly [number, number] | null;
}

export function paretoFrontData(state: StudyState, choice: StudyChoice = {}): ParetoFrontData {
  const all = threeObjectives(state, choice);
  const front = frontOf(all);
  const numbers = unbeaten(all);
  const shown = thinned(all, MOST_POINTS, ({ number }) => numbers.has(number));
  const range = shownRange(
    all.map(({ accuracy }) => accuracy),
    'maximize',
  );
  return {
    title: 'Pareto front',
    summary: `${plural(numbers.size, 'trial')} of ${formatCount(all.length)} not beaten in accuracy, health and size at once.`,
    empty: all.length === 0 ? NO_TRIAL_YET : null,
    note:
      shown.length < all.length
        ? `${formatCount(shown.length)} of ${plural(all.length, 'trial')} drawn.`
        : null,
    points: shown.map((point) => ({ ...point, onFront: numbers.has(point.number) })),
    front,
    range,
    sizes: extent(all.map(({ parameters }) => parameters)),
  };
}

/** Numbers of the trials that none dominates in all three objectives. */
function unbeaten(all: readonly ThreeObjectives[]): Set<number> {
  const directions = objectiveNames('pareto').map(({ direction }) => direction);
  const values = all.map(({ accuracy, health, parameters }) => [accuracy, health ?? NaN, parameters]);
  let front: number[] = [];
  for (const i of all.keys()) front = insertIntoFront(front, i, (item) => values[item]!, directions);
  return new Set(front.map((i) => all[i]!.number));
}

/** Trials that no other equals or beats in both accuracy and size: the line. */
function frontOf(all: readonly ThreeObjectives[]): ThreeObjectives[] {
  const sorted = [...all].sort((a, b) => a.parameters - b.parameters || b.accuracy - a.accuracy);
  const front: ThreeObjectives[] = [];
  for (const point of sorted)
    if (front.length === 0 || point.accuracy > front.at(-1)!.accuracy) front.push(point);
  return front;
}

export function paretoFrontOption(data: ParetoFrontData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const { theme } = view;
    const [small, large] = data.sizes ?? [1, 10];
    const at = ({ parameters, accuracy, health }: ThreeObjectives) => [
      parameters,
      data.range ? clampTo(accuracy, data.range) : accuracy,
      health ?? '-',
      accuracy,
    ];
    const marks = (onFront: boolean) =>
      data.points
        .filter((point) => point.onFront === onFront)
        .map((point) => ({ name: String(point.number), value: at(point) }));
    return {
      titles: [panelTitle(view, box, 'Validation accuracy', '%')],
      grid: gridOf(inset(box, { left: 56, right: 74, top: 28, bottom: 42 })),
      xAxis: numberAxis(view, {
        log: true,
        name: 'parameters',
        min: small / 1.2,
        max: large * 1.2,
        format: formatCount,
      }),
      yAxis: numberAxis(view, { lines: true, ...shareLimits(data.range), format: (v) => formatShare(v) }),
      visualMap: {
        seriesIndex: [1, 2],
        dimension: 2,
        ...scaleBar(view, box, 'healthy', 'ill'),
        ...healthRange(data),
      },
      tooltip: itemTooltip(view, (item) => hoverText(data, item)),
      series: [
        {
          type: 'line',
          name: 'front',
          step: 'end',
          data: data.front.map((point) => at(point).slice(0, 2)),
          lineStyle: { color: theme.accent, width: 1.5 },
          showSymbol: false,
          silent: true,
        },
        {
          type: 'scatter',
          name: 'trials',
          symbolSize: 7,
          itemStyle: { opacity: 0.75, borderColor: theme.muted, borderWidth: 0.5 },
          data: marks(false),
        },
        {
          type: 'scatter',
          name: 'on the front',
          symbol: 'diamond',
          symbolSize: 13,
          itemStyle: { opacity: 1, borderColor: theme.accent, borderWidth: 1.5 },
          data: marks(true),
          z: 4,
        },
      ],
    };
  });
}

/** The scale spans the health that is there; of one value, a little around it. */
function healthRange({ points }: ParetoFrontData): { min: number; max: number } {
  const [low, high] = extent(points.map(({ health }) => health)) ?? [0, 1];
  return high > low
    ? { min: low, max: high }
    : { min: Math.max(0, low - 0.05), max: Math.min(1, high + 0.05) };
}

function hoverText({ points }: ParetoFrontData, { name }: Hovered): string {
  const point = points.find(({ number }) => String(number) === name);
  if (!point) return '';
  return tooltipText(
    `Trial ${point.number}${point.onFront ? ', on the front' : ''}`,
    `accuracy ${formatShare(point.accuracy)}`,
    `health ${formatNumber(point.health, 3)}`,
    plural(point.parameters, 'parameter'),
  );
}
