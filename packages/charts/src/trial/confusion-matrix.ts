/**
 * Which class is taken for which: rows are true classes, columns predicted ones.
 *
 * Color is the share of the row's samples, on the scale of √share: mistakes are rare in a good model, and on
 * an even scale they would all look like none.
 */
import type { TrialMetrics } from '@onegin/contracts';
import type { EChartsOption } from 'echarts';
import { categoryAxis } from '../axes.ts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import type { ChartData, ChartView } from '../chart-view.ts';
import { formatCount, formatShare, plural, plainName, tooltipText } from '../format.ts';
import { gridOf, inset, type Box } from '../layout.ts';

/** With more classes than this the cells are too small for numbers. */
const MOST_NUMBERED = 20;
/** Cells on whose color dark text is the readable one, as √share. */
const LIGHT_CELL = 0.62;

export interface ConfusionCell {
  /** Index of the predicted class. */
  readonly x: number;
  /** Index of the true class. */
  readonly y: number;
  readonly count: number;
  /** Of the samples of the true class. */
  readonly share: number;
}

export interface ConfusionMatrixData extends ChartData {
  readonly classes: readonly string[];
  /** Cells with at least one sample. */
  readonly cells: readonly ConfusionCell[];
}

export function confusionMatrixData(
  metrics: Pick<TrialMetrics, 'confusion' | 'classes'>,
): ConfusionMatrixData {
  const { confusion, classes } = metrics;
  const cells: ConfusionCell[] = [];
  let [samples, right] = [0, 0];
  let worst: ConfusionCell | null = null;
  confusion.forEach((row, y) => {
    const support = row.reduce((sum, count) => sum + count, 0);
    samples += support;
    right += row[y] ?? 0;
    row.forEach((count, x) => {
      if (count === 0) return;
      const cell = { x, y, count, share: count / support };
      cells.push(cell);
      if (x !== y && (worst === null || count > worst.count)) worst = cell;
    });
  });
  return {
    title: 'Confusion matrix',
    summary: summaryOf(classes, samples, right, worst),
    empty:
      samples === 0 ? 'The matrix appears when the trial has been judged on the validation samples.' : null,
    note: samples === 0 ? null : 'Color: share of the true class, by its square root.',
    classes,
    cells,
  };
}

function summaryOf(
  classes: readonly string[],
  samples: number,
  right: number,
  worst: ConfusionCell | null,
): string {
  if (samples === 0) return 'No sample was judged.';
  const total = `${formatCount(right)} of ${plural(samples, 'sample')} right`;
  if (!worst) return `${total}, no mistake.`;
  const name = (index: number) => plainName(classes[index] ?? index, 24);
  return `${total}; most often ${name(worst.y)} is taken for ${name(worst.x)} (${formatCount(worst.count)} times).`;
}

export function confusionMatrixOption(data: ConfusionMatrixData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const { theme } = view;
    const { classes } = data;
    const labels = { labels: classes, labelWidth: 84 };
    const longest = Math.max(...classes.map((label) => [...label].length));
    return {
      grid: gridOf(squareIn(box, longest)),
      xAxis: {
        ...categoryAxis(view, { ...labels, name: 'predicted', rotate: longest > 4 ? 45 : 0 }),
        nameGap: nameGap(longest),
        axisLine: { show: false },
      },
      yAxis: {
        ...categoryAxis(view, { ...labels, name: 'true', inverse: true }),
        nameGap: Math.min(84, 8 + 7 * longest) + 10,
        axisLine: { show: false },
      },
      tooltip: itemTooltip(view, (item) => hoverText(data, item)),
      visualMap: {
        type: 'continuous',
        dimension: 2,
        min: 0,
        max: 1,
        calculable: false,
        orient: 'vertical',
        right: 16,
        top: 'middle',
        itemWidth: 10,
        itemHeight: Math.min(180, box.height / 2),
        text: ['100%', '0%'],
        textStyle: { color: theme.muted, fontSize: 11, fontFamily: theme.fontFamily },
        inRange: { color: [...theme.scale] },
      },
      series: [
        {
          type: 'heatmap',
          data: data.cells.map(({ x, y, share, count }) => ({
            value: [x, y, Math.sqrt(share), count, share],
            label: { color: theme.onScale[Math.sqrt(share) >= LIGHT_CELL ? 1 : 0] },
          })),
          itemStyle: { borderColor: theme.background, borderWidth: classes.length > 50 ? 0 : 1 },
          label: {
            show: classes.length <= MOST_NUMBERED,
            fontSize: classes.length > 12 ? 10 : 12,
            formatter: (at: unknown) => formatCount((at as { value: number[] }).value[3]!),
          },
          emphasis: { itemStyle: { borderColor: theme.accent, borderWidth: 2 } },
        },
      ],
    };
  });
}

const nameGap = (longest: number): number => (longest > 4 ? Math.min(84, 8 + 7 * longest) * 0.72 + 16 : 26);

/** The largest square that leaves room for the labels, left in the box. */
function squareIn(box: Box, longest: number): Box {
  const label = Math.min(84, 8 + 7 * longest);
  const inner = inset(box, { left: label + 24, right: 84, top: 6, bottom: nameGap(longest) + 18 });
  const side = Math.min(inner.width, inner.height);
  return { ...inner, left: inner.left + Math.max(0, (inner.width - side) / 2), width: side, height: side };
}

function hoverText({ classes }: ConfusionMatrixData, { value }: Hovered): string {
  const [x, y, , count, share] = value;
  const name = (index: number) => plainName(classes[index] ?? index);
  return tooltipText(
    `${name(y!)} ${x === y ? 'recognized' : `taken for ${name(x!)}`}`,
    `${plural(count!, 'sample')}, ${formatShare(share)} of ${name(y!)}`,
  );
}
