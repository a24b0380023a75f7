/** Loss and accuracy of training and validation by epoch, the loss of the steps behind them. */
import type { TrialMetrics } from '@onegin/contracts';
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { endLabel, numberAxis, panelTitle } from '../axes.ts';
import { chartOption, tooltip } from '../chart-option.ts';
import { isNarrow, type ChartData, type ChartView } from '../chart-view.ts';
import { formatNumber, formatShare, plural, tooltipText } from '../format.ts';
import { gridOf, inset, PANEL_MARGINS, panels } from '../layout.ts';
import { bucketExtremes, evenIndices, extent } from '../thinning.ts';
import { niceLimits } from '../ticks.ts';
import { finite, type Gap } from '../gaps.ts';
import { epochAxis, epochLine } from './layer-panels.ts';

const MOST_EPOCHS = 400;
const STEP_BUCKETS = 300;

export interface TrainingHistoryData extends ChartData {
  readonly epochs: readonly number[];
  readonly trainLoss: readonly Gap[];
  readonly validationLoss: readonly Gap[];
  readonly trainAccuracy: readonly Gap[];
  readonly validationAccuracy: readonly Gap[];
  /** [epoch reached, loss] of single steps. */
  readonly steps: readonly (readonly [number, number])[];
  /** The epoch of the highest validation accuracy, the earliest of equals. */
  readonly best: { readonly epoch: number; readonly accuracy: number } | null;
}

export function trainingHistoryData(
  metrics: Pick<TrialMetrics, 'epochs' | 'stepLosses'>,
): TrainingHistoryData {
  const { epochs, stepLosses } = metrics;
  const best = bestEpoch(epochs);
  const shown = new Set(evenIndices(epochs.length, MOST_EPOCHS));
  const rows = epochs.filter((row, i) => shown.has(i) || row.epoch === best?.epoch);
  const last = epochs.at(-1)?.epoch ?? 0;
  const steps = stepLosses.map((loss, i): [number, number] => [((i + 1) * last) / stepLosses.length, loss]);
  return {
    title: 'Training history',
    summary: best
      ? `Best validation accuracy ${formatShare(best.accuracy)} after epoch ${best.epoch} of ${last}.`
      : `${plural(epochs.length, 'epoch')}, no validation accuracy.`,
    empty: epochs.length === 0 ? 'The curves start with the end of the first epoch.' : null,
    note: rows.length < epochs.length ? `${rows.length} of ${epochs.length} epochs drawn.` : null,
    epochs: rows.map(({ epoch }) => epoch),
    trainLoss: rows.map((row) => finite(row.trainLoss)),
    validationLoss: rows.map((row) => finite(row.validationLoss)),
    trainAccuracy: rows.map((row) => finite(row.trainAccuracy)),
    validationAccuracy: rows.map((row) => finite(row.validationAccuracy)),
    steps: bucketExtremes(steps, STEP_BUCKETS),
    best,
  };
}

function bestEpoch(epochs: TrialMetrics['epochs']): TrainingHistoryData['best'] {
  let best: TrainingHistoryData['best'] = null;
  for (const { epoch, validationAccuracy } of epochs) {
    const accuracy = finite(validationAccuracy);
    if (accuracy !== null && (best === null || accuracy > best.accuracy)) best = { epoch, accuracy };
  }
  return best;
}

export function trainingHistoryOption(data: TrainingHistoryData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const areas = panels(box, 2, { minWidth: 300, gap: 28 });
    const { theme } = view;
    const percent = (value: number) => formatShare(value);
    return {
      titles: [panelTitle(view, areas[0]!, 'Loss', 'nats'), panelTitle(view, areas[1]!, 'Accuracy', '%')],
      grid: areas.map((area) => gridOf(inset(area, { ...PANEL_MARGINS, right: isNarrow(view) ? 84 : 104 }))),
      xAxis: [0, 1].map((grid) =>
        epochAxis(view, data.epochs, { grid, min: epochsFrom(data), max: data.epochs.at(-1) ?? 1 }),
      ),
      yAxis: [
        numberAxis(view, { grid: 0, lines: true, ...lossLimits(data) }),
        numberAxis(view, { grid: 1, lines: true, format: percent }),
      ],
      tooltip: {
        ...tooltip(view),
        trigger: 'axis',
        axisPointer: { type: 'line', lineStyle: { color: theme.rule } },
        formatter: (hovered: unknown) => hoverText(data, hovered),
      },
      series: [
        stepLine(data, view),
        line(data, view, 0, 'training', data.trainLoss, formatNumber),
        line(data, view, 0, 'validation', data.validationLoss, formatNumber),
        line(data, view, 1, 'training', data.trainAccuracy, formatShare),
        {
          ...line(data, view, 1, 'validation', data.validationAccuracy, formatShare),
          ...bestMark(data, view),
        },
      ],
    };
  });
}

/**
 * From 0 to the highest loss of an epoch: the first steps start so much higher that all else would be flat;
 * they leave the plot at its top.
 */
function lossLimits(data: TrainingHistoryData) {
  const [, high] = extent([...data.trainLoss, ...data.validationLoss]) ?? [0, 1];
  return niceLimits(0, 1.05 * high || 1);
}

/** Steps start before the end of epoch 1; without them the axis starts with it. */
const epochsFrom = (data: TrainingHistoryData): number =>
  data.steps.length > 0 || data.epochs.length < 2 ? 0 : data.epochs[0]!;

function line(
  data: TrainingHistoryData,
  view: ChartView,
  grid: number,
  name: 'training' | 'validation',
  values: readonly Gap[],
  format: (value: Gap) => string,
): LineSeriesOption {
  const color = view.theme.series[name === 'training' ? 0 : 1]!;
  const last = values.findLast((value) => value !== null) ?? null;
  return {
    ...epochLine(grid, name, data.epochs, values, { color, dotted: 20 }),
    lineStyle: { width: 2, color, type: name === 'training' ? 'dashed' : 'solid' },
    connectNulls: false,
    ...endLabel(view, `${name} ${format(last)}`, color),
  };
}

const stepLine = (data: TrainingHistoryData, view: ChartView): LineSeriesOption => ({
  type: 'line',
  name: 'step',
  xAxisIndex: 0,
  yAxisIndex: 0,
  data: data.steps.map(([x, y]) => [x, y]),
  lineStyle: { width: 1, color: view.theme.rule },
  showSymbol: false,
  silent: true,
  z: 1,
});

function bestMark({ best }: TrainingHistoryData, { theme }: ChartView): LineSeriesOption {
  if (!best) return {};
  return {
    markPoint: {
      symbol: 'circle',
      symbolSize: 11,
      silent: true,
      itemStyle: { color: 'transparent', borderColor: theme.accent, borderWidth: 2 },
      label: { show: false },
      data: [{ name: 'best', coord: [best.epoch, best.accuracy] }],
    },
  };
}

function hoverText(data: TrainingHistoryData, hovered: unknown): string {
  const [first] = hovered as { axisValue: number }[];
  const i = nearest(data.epochs, first?.axisValue ?? 0);
  if (i < 0) return '';
  return tooltipText(
    `Epoch ${data.epochs[i]}`,
    `loss: training ${formatNumber(data.trainLoss[i])}, validation ${formatNumber(data.validationLoss[i])}`,
    `accuracy: training ${formatShare(data.trainAccuracy[i])}, validation ${formatShare(data.validationAccuracy[i])}`,
  );
}

function nearest(epochs: readonly number[], at: number): number {
  let found = -1;
  epochs.forEach((epoch, i) => {
    if (found < 0 || Math.abs(epoch - at) < Math.abs(epochs[found]! - at)) found = i;
  });
  return found;
}
