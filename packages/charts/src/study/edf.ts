/** Which share of the trials is at most as good as a value: the empirical distribution function of the values. */
import type { StudyState } from '@onegin/contracts';
import type { EChartsOption } from 'echarts';
import { numberAxis, panelTitle } from '../axes.ts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import type { ChartData, ChartView } from '../chart-view.ts';
import { formatNumber, formatShare, plural, tooltipText } from '../format.ts';
import { gridOf, inset } from '../layout.ts';
import { stairs } from '../marks.ts';
import { evenIndices, quantile } from '../thinning.ts';
import {
  beyondNote,
  limitsOf,
  NO_TRIAL_YET,
  scoredStudy,
  type Objective,
  type StudyChoice,
  type ValueRange,
} from './scored-trials.ts';

const MOST_STEPS = 400;

export interface EdfData extends ChartData {
  readonly objective: Objective;
  /** [value, share of the trials with at most this value], rising. */
  readonly steps: readonly (readonly [number, number])[];
  readonly median: number | null;
  readonly range: ValueRange | null;
}

export function edfData(state: StudyState, choice: StudyChoice = {}): EdfData {
  const { objective, scored, range } = scoredStudy(state, choice);
  const values = scored.map(({ value }) => value).sort((a, b) => a - b);
  const median = values.length > 0 ? quantile(values, 0.5) : null;
  return {
    title: 'Distribution of values',
    summary:
      median === null
        ? 'No trial has a value yet.'
        : `Half of ${plural(values.length, 'trial')} have ${objective.name} ${formatNumber(median)} or less.`,
    empty: values.length === 0 ? NO_TRIAL_YET : null,
    note: beyondNote(range, 'beyond'),
    objective,
    range,
    steps: evenIndices(values.length, MOST_STEPS).map((i) => [values[i]!, (i + 1) / values.length]),
    median,
  };
}

export function edfOption(data: EdfData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const { theme } = view;
    const first = data.steps[0]!;
    return {
      titles: [panelTitle(view, box, 'Share of trials', '% with at most this value')],
      grid: gridOf(inset(box, { left: 48, right: 24, top: 28, bottom: 42 })),
      xAxis: numberAxis(view, {
        name: data.objective.name,
        ...limitsOf(data.range),
        format: (v) => formatNumber(v, 3),
      }),
      yAxis: numberAxis(view, { min: 0, max: 1, lines: true, format: (share) => formatShare(share) }),
      tooltip: itemTooltip(view, (item) => hoverText(data, item)),
      series: [
        {
          ...stairs(theme.series[1]!, data.steps.length <= 30),
          name: 'distribution',
          // The step up to the first value belongs to the picture.
          data: [[first[0], 0], ...data.steps.map(([x, y]) => [x, y])],
          markLine: {
            silent: true,
            symbol: 'none',
            // ECharts moves a line to two decimals otherwise.
            precision: 12,
            lineStyle: { color: theme.muted, type: 'dashed', width: 1 },
            label: {
              color: theme.muted,
              fontSize: 11,
              formatter: `median ${formatNumber(data.median)}`,
              position: 'insideEndTop',
            },
            data: [{ xAxis: data.median! }],
          },
        },
      ],
    };
  });
}

function hoverText({ objective }: EdfData, { value }: Hovered): string {
  return tooltipText(
    `${formatShare(value[1])} of the trials`,
    `${objective.name} at most ${formatNumber(value[0])}`,
  );
}
