/**
 * How much of the space of accuracy, health and size the trials up to each number dominate.
 *
 * Losses in [0, 1] each: 1 − accuracy, 1 − health, log10(parameters) between the smallest and the largest
 * network of the study. The reference point is (1, 1, 1 + margin), so that the largest network counts a little
 * and 1 + margin would be reached by a perfect network of the smallest size.
 */
import type { StudyState } from '@onegin/contracts';
import { hypervolume } from '@onegin/search';
import type { EChartsOption } from 'echarts';
import { numberAxis, panelTitle } from '../axes.ts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import type { ChartData, ChartView } from '../chart-view.ts';
import { formatNumber, tooltipText } from '../format.ts';
import { gridOf, inset } from '../layout.ts';
import { stairs } from '../marks.ts';
import { extent } from '../thinning.ts';
import { NO_TRIAL_YET, type StudyChoice } from './scored-trials.ts';
import { threeObjectives } from './three-objectives.ts';

const MARGIN = 0.1;
/** The volume is computed at most this many times; between two of these it is a step. */
const MOST_STEPS = 100;

type Loss = readonly [number, number, number];

export interface HypervolumeData extends ChartData {
  /** [number of the trial, hypervolume up to it], rising. */
  readonly steps: readonly (readonly [number, number])[];
  readonly lastNumber: number;
}

export function hypervolumeData(state: StudyState, choice: StudyChoice = {}): HypervolumeData {
  const all = threeObjectives(state, choice).filter(({ health }) => health !== null);
  const sizes = extent(all.map(({ parameters }) => Math.log10(parameters)));
  const losses = all.map(({ accuracy, health, parameters }): Loss => [
    1 - accuracy,
    1 - health!,
    sizes ? sizeLoss(Math.log10(parameters), sizes) : 0,
  ]);
  const steps = volumes(
    all.map(({ number }) => number),
    losses,
  );
  return {
    title: 'Hypervolume',
    summary:
      steps.length > 0
        ? `Now ${formatNumber(steps.at(-1)![1], 3)}; a perfect network of the smallest size would reach ${formatNumber(1 + MARGIN)}.`
        : 'No trial has all three objectives yet.',
    empty: all.length === 0 ? NO_TRIAL_YET : null,
    note: null,
    steps,
    lastNumber: Math.max(0, state.trials.length - 1),
  };
}

const sizeLoss = (size: number, [low, high]: readonly [number, number]): number =>
  high > low ? (size - low) / (high - low) : 0;

const dominates = (a: Loss, b: Loss): boolean => a[0] <= b[0] && a[1] <= b[1] && a[2] <= b[2];

/** Volume whenever the front changed, but at most MOST_STEPS times, the last always among them. */
function volumes(numbers: readonly number[], losses: readonly Loss[]): [number, number][] {
  let front: Loss[] = [];
  const fronts: { number: number; front: Loss[] }[] = [];
  losses.forEach((loss, i) => {
    if (front.some((other) => dominates(other, loss))) return;
    front = [...front.filter((other) => !dominates(loss, other)), loss];
    fronts.push({ number: numbers[i]!, front });
  });
  const every = Math.max(1, Math.ceil(fronts.length / MOST_STEPS));
  return fronts
    .filter((_, i) => i % every === 0 || i === fronts.length - 1)
    .map(({ number, front: points }) => [number, hypervolume(points, [1, 1, 1 + MARGIN])]);
}

export function hypervolumeOption(data: HypervolumeData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const color = view.theme.accent;
    const last = data.steps.at(-1);
    return {
      titles: [panelTitle(view, box, 'Hypervolume', 'of accuracy, health and size')],
      grid: gridOf(inset(box, { left: 54, right: 20, top: 28, bottom: 42 })),
      xAxis: numberAxis(view, { name: 'trial', whole: true, min: 0, max: Math.max(1, data.lastNumber) }),
      yAxis: numberAxis(view, { lines: true, format: (v) => formatNumber(v, 3) }),
      tooltip: itemTooltip(view, hoverText),
      series: [
        {
          ...stairs(color, data.steps.length <= 60),
          name: 'hypervolume',
          data: [...data.steps.map(([x, y]) => [x, y]), ...(last ? [[data.lastNumber, last[1]]] : [])],
          areaStyle: { color, opacity: 0.06, origin: 'start' },
        },
      ],
    };
  });
}

const hoverText = ({ value }: Hovered): string =>
  tooltipText(`Up to trial ${value[0]}`, `hypervolume ${formatNumber(value[1])}`);
