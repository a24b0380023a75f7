/** Axes in one style: thin rules, muted labels, no boxes. */
import type { TitleComponentOption } from 'echarts';
import type { ChartView } from './chart-view.ts';
import { formatNumber, plainName } from './format.ts';
import type { Box } from './layout.ts';
import { logTicks } from './ticks.ts';

export interface AxisChoice {
  readonly grid?: number;
  readonly name?: string;
  readonly log?: boolean;
  readonly min?: number;
  readonly max?: number;
  /** Whole numbers only: epochs, trials. */
  readonly whole?: boolean;
  readonly format?: (value: number) => string;
  /** About how many labels. */
  readonly labels?: number;
  /** Distance of labels, where min and max are multiples of it. */
  readonly interval?: number;
  /** Lines across the plot at the labels. */
  readonly lines?: boolean;
  /** Whether 0 must be on the axis. */
  readonly fromZero?: boolean;
}

/** An axis of numbers. */
export function numberAxis(view: ChartView, choice: AxisChoice) {
  const { theme } = view;
  const { grid = 0, name, log = false, whole = false, format = (v: number) => formatNumber(v) } = choice;
  const { min, max, interval, labels, lines = false, fromZero = false } = choice;
  // ECharts labels decades only, which on a short logarithmic axis may be none at all.
  const ticks = log && min !== undefined && max !== undefined ? { customValues: logTicks(min, max) } : {};
  return {
    type: log ? ('log' as const) : ('value' as const),
    gridIndex: grid,
    scale: !fromZero,
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(whole && { minInterval: 1 }),
    ...(labels !== undefined && { splitNumber: labels }),
    ...(interval !== undefined && { interval }),
    ...named(view, name),
    axisLine: { show: !lines, lineStyle: { color: theme.rule }, onZero: false },
    axisTick: { show: false, ...ticks },
    axisLabel: { color: theme.muted, fontSize: 11, formatter: format, hideOverlap: true, ...ticks },
    splitLine: { show: lines, lineStyle: { color: theme.grid } },
    minorTick: { show: false },
  };
}

export interface CategoryChoice {
  readonly grid?: number;
  readonly name?: string;
  readonly labels: readonly string[];
  /** Longest label in pixels. */
  readonly labelWidth?: number;
  /** Whether every label stands, however narrow. */
  readonly all?: boolean;
  readonly rotate?: number;
  readonly inverse?: boolean;
  /** Whether marks stand between ticks (bars, cells) rather than on them. */
  readonly gap?: boolean;
}

/** An axis of names. */
export function categoryAxis(view: ChartView, choice: CategoryChoice) {
  const { theme } = view;
  const { grid = 0, name, labels, labelWidth, rotate = 0, inverse = false, gap = true, all = false } = choice;
  return {
    type: 'category' as const,
    gridIndex: grid,
    data: labels.map((label) => plainName(label, 40)),
    inverse,
    boundaryGap: gap,
    ...named(view, name),
    axisLine: { show: true, lineStyle: { color: theme.rule }, onZero: false },
    axisTick: { show: false },
    axisLabel: {
      color: theme.muted,
      fontSize: 11,
      rotate,
      ...(all ? { interval: 0 } : { hideOverlap: true }),
      ...(labelWidth !== undefined && { width: labelWidth, overflow: 'truncate' as const }),
    },
    splitLine: { show: false },
  };
}

function named({ theme }: ChartView, name: string | undefined) {
  if (name === undefined) return {};
  return {
    name: plainName(name),
    nameLocation: 'middle' as const,
    nameGap: 26,
    nameTextStyle: { color: theme.muted, fontSize: 11, fontFamily: theme.fontFamily },
  };
}

/** A panel's title at its top left; where a y axis has a unit, it stands here rather than on its side. */
export function panelTitle(view: ChartView, panel: Box, text: string, detail = ''): TitleComponentOption {
  const { theme } = view;
  const face = { fontFamily: theme.fontFamily, fontSize: 12 };
  return {
    text: detail ? `{name|${richText(text)}}{detail|${richText(detail)}}` : `{name|${richText(text)}}`,
    left: panel.left,
    top: panel.top,
    padding: 0,
    textStyle: {
      ...face,
      color: theme.text,
      width: panel.width,
      overflow: 'truncate',
      rich: {
        name: { ...face, color: theme.text, fontWeight: 600 },
        // More than a space: some browsers draw letters at whole pixels, a little wider than they measure them.
        detail: { ...face, color: theme.muted, fontSize: 11, fontWeight: 400, padding: [0, 0, 0, 10] },
      },
    },
  };
}

/** Text inside a styled part, whose own marks `{`, `|` and `}` it must not carry. */
const richText = (text: string): string =>
  plainName(text).replace(/[{|}]/g, (mark) => (mark === '|' ? '¦' : mark === '{' ? '(' : ')'));

/** Labels at the right end of lines, moved apart where they meet. */
export const endLabel = (view: ChartView, text: string, color: string) => ({
  endLabel: {
    show: true,
    formatter: () => plainName(text, 28),
    color,
    fontSize: 11,
    fontFamily: view.theme.fontFamily,
    distance: 10,
  },
  labelLayout: { moveOverlap: 'shiftY' as const },
});
