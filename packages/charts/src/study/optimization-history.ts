/** Every trial's value and the best so far; running trials stand at their accuracy, or on the floor. */
import type { StudyState } from '@onegin/contracts';
import type { EChartsOption, ScatterSeriesOption } from 'echarts';
import { numberAxis, panelTitle } from '../axes.ts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import type { ChartData, ChartView } from '../chart-view.ts';
import { formatNumber, plural, sentences, tooltipText } from '../format.ts';
import { finite, type Gap } from '../gaps.ts';
import { gridOf, inset } from '../layout.ts';
import { legend, legendRoom, trialPoints } from '../marks.ts';
import { thinned } from '../thinning.ts';
import {
  bestOf,
  beyondNote,
  better,
  clampTo,
  isBetter,
  NO_TRIAL_YET,
  limitsOf,
  scoredStudy,
  type Objective,
  type ScoredTrial,
  type StudyChoice,
  type ValueRange,
} from './scored-trials.ts';

const MOST_POINTS = 1000;

export interface RunningTrial {
  readonly number: number;
  readonly epoch: number;
  /** Validation accuracy so far; null before the first epoch. */
  readonly accuracy: Gap;
}

export interface OptimizationHistoryData extends ChartData {
  readonly objective: Objective;
  /** [number, value], thinned. */
  readonly points: readonly (readonly [number, number])[];
  /** Where the best value improved, and how far the study has come: [number, best value]. */
  readonly bestLine: readonly (readonly [number, number])[];
  readonly best: { readonly number: number; readonly value: number } | null;
  readonly running: readonly RunningTrial[];
  readonly range: ValueRange | null;
  readonly lastNumber: number;
  /** Whether the accuracy of a running trial is in the objective's unit. */
  readonly accuracyIsValue: boolean;
}

export function optimizationHistoryData(
  state: StudyState,
  choice: StudyChoice = {},
): OptimizationHistoryData {
  const { objective, scored, range } = scoredStudy(state, choice);
  const best = bestOf(scored, objective);
  const improvements = improving(scored, objective);
  const improved = new Set(improvements.map(({ number }) => number));
  const shown = thinned(scored, MOST_POINTS, ({ number }) => improved.has(number));
  const running = state.trials
    .filter((trial) => trial?.status === 'running')
    .map((trial) => ({
      number: trial.number,
      epoch: trial.epochs.length,
      accuracy: finite(trial.epochs.at(-1)?.validationAccuracy),
    }));
  const lastNumber = state.trials.length - 1;
  return {
    title: 'Optimization history',
    summary: summaryOf(state, objective, best),
    empty: scored.length === 0 && running.length === 0 ? NO_TRIAL_YET : null,
    note: sentences(
      shown.length < scored.length
        ? `${plural(shown.length, 'point')} of ${plural(scored.length, 'trial')}.`
        : null,
      beyondNote(range, 'drawn at'),
    ),
    objective,
    points: shown.map(({ number, value }) => [number, value]),
    bestLine: best
      ? [
          ...improvements.map(({ number, value }): [number, number] => [number, value]),
          [lastNumber, best.value],
        ]
      : [],
    best: best && { number: best.number, value: best.value },
    running,
    range,
    lastNumber,
    accuracyIsValue: objective.name === 'accuracy',
  };
}

function improving(scored: readonly ScoredTrial[], { direction }: Objective): ScoredTrial[] {
  const found: ScoredTrial[] = [];
  for (const trial of scored)
    if (found.length === 0 || isBetter(trial.value, found.at(-1)!.value, direction)) found.push(trial);
  return found;
}

function summaryOf(state: StudyState, objective: Objective, best: ScoredTrial | null): string {
  const { completed, pruned, failed } = state.counts;
  const others = [
    pruned ? `${plural(pruned, 'trial')} pruned` : '',
    failed ? `${plural(failed, 'trial')} failed` : '',
  ];
  const counts = [plural(completed, 'trial') + ' completed', ...others].filter(Boolean).join(', ');
  return best
    ? `Best ${objective.name} ${formatNumber(best.value)} by trial ${best.number}; ${counts}.`
    : `${counts}.`;
}

export function optimizationHistoryOption(data: OptimizationHistoryData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const { theme } = view;
    const limits = limitsOf(data.range);
    return {
      titles: [panelTitle(view, box, data.objective.name, better(data.objective))],
      legend: legend(view, box),
      grid: gridOf(inset(box, { left: 54, right: 20, top: 28 + legendRoom(view), bottom: 42 })),
      xAxis: numberAxis(view, { name: 'trial', whole: true, min: 0, max: Math.max(1, data.lastNumber) }),
      yAxis: numberAxis(view, { lines: true, ...limits, format: (v) => formatNumber(v, 3) }),
      tooltip: itemTooltip<Gap[]>(view, (item) => hoverText(data, item)),
      series: [
        { ...points(data, view) },
        {
          type: 'line',
          name: 'best so far',
          step: 'end',
          data: data.bestLine.map(([x, y]) => [x, y]),
          color: theme.accent,
          lineStyle: { width: 2, color: theme.accent },
          symbol: 'none',
          silent: true,
        },
        runningMarks(data, view, limits.min),
        bestMark(data, view),
      ],
    };
  });
}

function points({ points, range, objective }: OptimizationHistoryData, view: ChartView): ScatterSeriesOption {
  const { theme } = view;
  const edge = objective.direction === 'maximize' ? 0 : 180;
  return {
    ...trialPoints(view, 'completed'),
    data: points.map(([number, value]) => {
      const at = range ? clampTo(value, range) : value;
      const beyond = at !== value;
      return {
        name: String(number),
        value: [number, at, value],
        // A value beyond the edge points to where it really is.
        ...(beyond && { symbol: 'triangle', symbolRotate: 180 - edge, symbolSize: 7 }),
        ...(view.selected?.includes(number) && {
          itemStyle: { borderColor: theme.accent, borderWidth: 2, opacity: 1 },
        }),
      };
    }),
  };
}

function runningMarks(
  data: OptimizationHistoryData,
  { theme }: ChartView,
  floor: number,
): ScatterSeriesOption {
  const { color, symbol, word } = theme.states.running;
  return {
    type: 'scatter',
    name: word,
    symbol,
    symbolSize: 9,
    color,
    data: data.running.map(({ number, accuracy }) => {
      const known = data.accuracyIsValue && accuracy !== null;
      return {
        name: String(number),
        value: [number, known && data.range ? Math.max(floor, accuracy) : floor, accuracy],
      };
    }),
    z: 4,
  };
}

const bestMark = (
  { best, objective }: OptimizationHistoryData,
  { theme }: ChartView,
): ScatterSeriesOption => ({
  type: 'scatter',
  name: 'best',
  symbol: 'diamond',
  symbolSize: 14,
  color: theme.accent,
  data: best ? [{ name: String(best.number), value: [best.number, best.value, best.value] }] : [],
  itemStyle: { opacity: 1, borderColor: theme.background, borderWidth: 1 },
  label: {
    show: true,
    // On the side where nothing better can be.
    position: objective.direction === 'maximize' ? 'top' : 'bottom',
    distance: 5,
    formatter: () => (best ? `#${best.number}  ${formatNumber(best.value)}` : ''),
    color: theme.accent,
    fontWeight: 600,
    fontSize: 12,
    fontFamily: theme.fontFamily,
  },
  z: 5,
});

function hoverText(data: OptimizationHistoryData, { name, value, seriesName }: Hovered<Gap[]>): string {
  if (seriesName === 'running') {
    const trial = data.running.find(({ number }) => number === Number(name));
    return tooltipText(
      `Trial ${name}`,
      `running, ${plural(trial?.epoch ?? 0, 'epoch')} done`,
      `accuracy so far ${formatNumber(trial?.accuracy)}`,
    );
  }
  return tooltipText(`Trial ${name}`, `${data.objective.name} ${formatNumber(value[2])}`);
}
