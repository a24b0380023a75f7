/** The learning rate by epoch, and below it how far a step moved the weights: ‖Δw‖ / ‖w‖, median over layers. */
import type { TrialMetrics } from '@onegin/contracts';
import type { EChartsOption } from 'echarts';
import { numberAxis, panelTitle } from '../axes.ts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import type { ChartData, ChartView } from '../chart-view.ts';
import { formatNumber, tooltipText } from '../format.ts';
import { finite, type Gap } from '../gaps.ts';
import { gridOf, inset, panels } from '../layout.ts';
import { extent, quantile } from '../thinning.ts';
import { chosen, chosenNote, epochAxis, epochLine } from './layer-panels.ts';

const MOST_EPOCHS = 400;
/** From this ratio between the highest and the lowest rate on, the axis is logarithmic. */
const LOG_FROM = 20;

export interface LearningRateData extends ChartData {
  readonly epochs: readonly number[];
  readonly rates: readonly Gap[];
  /** Median update ratio over the layers; null where no layer has one. */
  readonly updateRatios: readonly Gap[];
  readonly log: boolean;
}

export function learningRateData({ epochs }: Pick<TrialMetrics, 'epochs'>): LearningRateData {
  const shown = chosen(epochs, MOST_EPOCHS);
  const rates = shown.shown.map(({ learningRate }) => finite(learningRate));
  const range = extent(rates);
  return {
    title: 'Learning rate',
    summary: summaryOf(range),
    empty: range === null ? 'The learning rate is recorded with every epoch; none has ended yet.' : null,
    note: chosenNote({ shown: [], of: 0 }, shown),
    epochs: shown.shown.map(({ epoch }) => epoch),
    rates,
    updateRatios: shown.shown.map(({ layers }) =>
      medianRatio(layers.map(({ updateRatio }) => finite(updateRatio))),
    ),
    log: range !== null && range[0] > 0 && range[1] / range[0] >= LOG_FROM,
  };
}

function summaryOf(range: [number, number] | null): string {
  if (!range) return 'No learning rate is known.';
  const [low, high] = range;
  return low === high
    ? `Constant at ${formatNumber(high, 3)}.`
    : `Between ${formatNumber(low, 3)} and ${formatNumber(high, 3)}.`;
}

function medianRatio(ratios: readonly Gap[]): Gap {
  const known = ratios.filter((ratio) => ratio !== null && ratio > 0) as number[];
  return known.length > 0
    ? quantile(
        known.sort((a, b) => a - b),
        0.5,
      )
    : null;
}

export function learningRateOption(data: LearningRateData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const known = data.updateRatios.some((ratio) => ratio !== null);
    const rows = [
      { name: 'Learning rate', detail: 'of the last step of the epoch', values: data.rates, log: data.log },
      {
        name: 'Update ratio',
        detail: 'Δw / w per step, median over layers',
        values: data.updateRatios,
        log: true,
      },
    ].slice(0, known ? 2 : 1);
    const areas = panels(box, rows.length, { minWidth: 300, maxColumns: 2, gap: 28 });
    return {
      titles: rows.map(({ name, detail }, i) => panelTitle(view, areas[i]!, name, detail)),
      grid: areas.map((area) => gridOf(inset(area, { left: 52, right: 16, top: 28, bottom: 42 }))),
      xAxis: rows.map((_, grid) => epochAxis(view, data.epochs, { grid })),
      yAxis: rows.map(({ values, log }, grid) =>
        numberAxis(view, {
          grid,
          lines: true,
          fromZero: !log,
          format: (v) => formatNumber(v, 2),
          ...(log && logLimits(values)),
        }),
      ),
      tooltip: itemTooltip(view, hoverText),
      series: rows.map(({ name, values }, grid) =>
        epochLine(grid, name, data.epochs, values, { color: view.theme.series[1 + grid]!, dotted: 20 }),
      ),
    };
  });
}

/** A logarithmic axis just around the values. */
function logLimits(values: readonly Gap[]) {
  const [low, high] = extent(values) ?? [1, 10];
  return { log: true, min: low / 1.5, max: high * 1.5 };
}

const hoverText = ({ seriesName, value }: Hovered): string =>
  tooltipText(`Epoch ${value[0]}`, `${seriesName}: ${formatNumber(value[1])}`);
