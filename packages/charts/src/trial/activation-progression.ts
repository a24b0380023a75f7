/** Mean and spread of each layer's outputs on the fixed validation sample, epoch by epoch. */
import type { TrialMetrics } from '@onegin/contracts';
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { numberAxis, panelTitle } from '../axes.ts';
import { chartOption, tooltip } from '../chart-option.ts';
import type { ChartData, ChartView } from '../chart-view.ts';
import { formatNumber, tooltipText } from '../format.ts';
import { finite, type Gap } from '../gaps.ts';
import { gridOf, inset, panels } from '../layout.ts';
import { chosen, chosenNote, epochAxis, epochLine, layerIds, measureByLayer } from './layer-panels.ts';

const MOST_LAYERS = 12;
const PANELS = { minWidth: 190, maxColumns: 4 };
const MOST_EPOCHS = 120;

export interface ActivationProgressionData extends ChartData {
  readonly epochs: readonly number[];
  readonly layers: readonly {
    readonly layer: string;
    readonly mean: readonly Gap[];
    readonly std: readonly Gap[];
  }[];
}

export function activationProgressionData({
  epochs,
}: Pick<TrialMetrics, 'epochs'>): ActivationProgressionData {
  const shownEpochs = chosen(epochs, MOST_EPOCHS);
  const rows = shownEpochs.shown;
  const ids = layerIds(rows);
  const means = measureByLayer(rows, ids, (layer) => finite(layer.activationMean));
  const stds = measureByLayer(rows, ids, (layer) => finite(layer.activationStd));
  const measured = ids
    .map((layer, i) => ({ layer, mean: means[i]!, std: stds[i]! }))
    .filter(({ mean }) => mean.some((value) => value !== null));
  const shown = chosen(measured, MOST_LAYERS);
  return {
    title: 'Activation progression',
    summary:
      'Mean output of each layer and one standard deviation around it, on the same samples every epoch.',
    empty: shown.of === 0 ? 'Activations are measured at the end of every epoch; none has ended yet.' : null,
    note: chosenNote(shown, shownEpochs),
    epochs: rows.map(({ epoch }) => epoch),
    rows: { count: shown.shown.length, height: 220, panels: PANELS },
    layers: shown.shown,
  };
}

export function activationProgressionOption(data: ActivationProgressionData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const areas = panels(box, data.layers.length, PANELS);
    const insets = { left: 42, right: 10, top: 26, bottom: 38 };
    return {
      titles: data.layers.map(({ layer }, i) => panelTitle(view, areas[i]!, layer)),
      grid: areas.map((area) => gridOf(inset(area, insets))),
      xAxis: data.layers.map((_, grid) => epochAxis(view, data.epochs, { grid, labels: 4 })),
      yAxis: data.layers.map((_, grid) =>
        numberAxis(view, { grid, lines: true, labels: 3, format: (v) => formatNumber(v, 2) }),
      ),
      tooltip: { ...tooltip(view), trigger: 'axis', formatter: (at: unknown) => hoverText(data, at) },
      series: data.layers.flatMap(({ layer, mean, std }, grid) => [
        ...band(data.epochs, mean, std, grid, view),
        epochLine(grid, layer, data.epochs, mean, { color: view.theme.series[1]!, dotted: 12 }),
      ]),
    };
  });
}

/** mean ± std: an unseen line at the lower edge and the height of the band stacked upon it. */
function band(
  epochs: readonly number[],
  mean: readonly Gap[],
  std: readonly Gap[],
  grid: number,
  { theme }: ChartView,
): LineSeriesOption[] {
  const known = (i: number) => mean[i] !== null && std[i] !== null;
  const edge = (values: (i: number) => number, filled: boolean): LineSeriesOption => ({
    type: 'line',
    name: 'spread',
    stack: `spread-${grid}`,
    stackStrategy: 'all',
    xAxisIndex: grid,
    yAxisIndex: grid,
    data: epochs.map((epoch, i) => [epoch, known(i) ? values(i) : null]),
    lineStyle: { opacity: 0 },
    ...(filled && { areaStyle: { color: theme.series[1]!, opacity: 0.14 } }),
    showSymbol: false,
    silent: true,
  });
  return [edge((i) => mean[i]! - std[i]!, false), edge((i) => 2 * std[i]!, true)];
}

function hoverText(data: ActivationProgressionData, hovered: unknown): string {
  const [first] = hovered as { axisValue: number; axisIndex: number }[];
  if (!first) return '';
  const row = data.layers[first.axisIndex];
  const i = data.epochs.indexOf(first.axisValue);
  if (!row || i < 0) return '';
  return tooltipText(
    `${row.layer}, epoch ${first.axisValue}`,
    `mean ${formatNumber(row.mean[i])}`,
    `standard deviation ${formatNumber(row.std[i])}`,
  );
}
