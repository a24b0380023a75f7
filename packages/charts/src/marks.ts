/** Marks that several charts draw alike. */
import type { LegendComponentOption, LineSeriesOption, ScatterSeriesOption } from 'echarts';
import type { TrainingStatus } from '@onegin/contracts';
import { isNarrow, type ChartView } from './chart-view.ts';
import type { Box } from './layout.ts';

/** Points of trials in one state; a point's name is its trial's number, so that a page can light it everywhere. */
export function trialPoints(view: ChartView, status: TrainingStatus): ScatterSeriesOption {
  const { color, symbol, word } = view.theme.states[status];
  return {
    type: 'scatter',
    name: word,
    symbol,
    symbolSize: 7,
    color,
    itemStyle: { opacity: 0.65 },
    emphasis: { itemStyle: { opacity: 1, borderColor: view.theme.text, borderWidth: 1.5 } },
  };
}

/** Marks and words: one line at the box's top right, on a phone two lines below the panel's title. */
export function legend(view: ChartView, box: Box): LegendComponentOption {
  const { theme, width } = view;
  return {
    type: 'plain',
    ...(isNarrow(view)
      ? { top: box.top + 20, left: box.left, width: box.width }
      : { top: box.top - 3, right: width - box.left - box.width }),
    itemWidth: 11,
    itemHeight: 10,
    itemGap: 14,
    padding: 0,
    selectedMode: false,
    textStyle: { color: theme.muted, fontSize: 11, fontFamily: theme.fontFamily },
    inactiveColor: theme.rule,
  };
}

/** A stair with what lies below it; with dots where there are few steps. */
export const stairs = (color: string, showSymbol: boolean): LineSeriesOption => ({
  type: 'line',
  step: 'end',
  color,
  lineStyle: { width: 2, color },
  areaStyle: { color, opacity: 0.06 },
  showSymbol,
  symbol: 'circle',
  symbolSize: 5,
});

/** What the legend takes of the plot's height. */
export const legendRoom = (view: ChartView): number => (isNarrow(view) ? 44 : 0);

/** The color scale as a thin bar at the box's right, with words at its ends. */
export function scaleBar({ theme, width }: ChartView, box: Box, best: string, worst: string) {
  return {
    type: 'continuous' as const,
    min: 0,
    max: 1,
    orient: 'vertical' as const,
    right: width - box.left - box.width,
    top: 'middle' as const,
    itemWidth: 10,
    itemHeight: Math.min(160, box.height / 2),
    text: [best, worst] as [string, string],
    textGap: 8,
    calculable: false,
    textStyle: { color: theme.muted, fontSize: 11, fontFamily: theme.fontFamily },
    inRange: { color: [...theme.scale] },
  };
}
