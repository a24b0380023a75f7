/** The weights of each layer as a density at its first, middle and last recorded epoch. */
import { rampColor, type Histogram, type TrialMetrics } from '@onegin/contracts';
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { numberAxis, panelTitle } from '../axes.ts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import type { ChartData, ChartView } from '../chart-view.ts';
import { formatNumber, tooltipText } from '../format.ts';
import { gridOf, inset, panels } from '../layout.ts';
import { extent } from '../thinning.ts';
import { chosen, chosenNote } from './layer-panels.ts';

const MOST_LAYERS = 12;
const PANELS = { minWidth: 190, maxColumns: 4 };
const MOST_EPOCHS = 3;

export interface Density {
  readonly epoch: number;
  /** Cell edges and densities as a step line [value, density]; the area below it is 1. */
  readonly steps: readonly (readonly [number, number])[];
}

export interface WeightDistributionData extends ChartData {
  readonly layers: readonly {
    readonly layer: string;
    readonly densities: readonly Density[];
    readonly range: readonly [number, number];
  }[];
}

export function weightDistributionData({
  histograms,
}: Pick<TrialMetrics, 'histograms'>): WeightDistributionData {
  const byLayer = new Map<string, { epoch: number; histogram: Histogram }[]>();
  for (const { layer, epoch, weights } of histograms) {
    if (!weights || !(total(weights) > 0)) continue;
    if (!byLayer.has(layer)) byLayer.set(layer, []);
    byLayer.get(layer)!.push({ epoch, histogram: weights });
  }
  const shown = chosen([...byLayer.entries()], MOST_LAYERS);
  const epochs = [...new Set([...byLayer.values()].flat().map(({ epoch }) => epoch))].sort((a, b) => a - b);
  return {
    title: 'Weight distribution',
    summary:
      epochs.length > 1
        ? `How the weights spread from epoch ${epochs[0]} to epoch ${epochs.at(-1)}.`
        : 'How the weights of each layer spread.',
    empty: shown.of === 0 ? 'Weights are recorded at the end of an epoch; none has ended yet.' : null,
    note: chosenNote(shown),
    rows: { count: shown.shown.length, height: 200, panels: PANELS },
    layers: shown.shown.map(([layer, rows]) => {
      const ordered = [...rows].sort((a, b) => a.epoch - b.epoch);
      const densities = chosen(ordered, MOST_EPOCHS).shown.map(({ epoch, histogram }) => ({
        epoch,
        steps: densitySteps(histogram),
      }));
      return { layer, densities, range: extent(densities.flatMap(({ steps }) => steps.map(([x]) => x)))! };
    }),
  };
}

const total = ({ counts }: Histogram): number => counts.reduce((sum, count) => sum + count, 0);

/** density of cell i = count_i / (Σ counts · width); a layer whose weights are all equal is one narrow cell. */
function densitySteps(histogram: Histogram): [number, number][] {
  const { low, high, counts } = histogram;
  const width = (high - low) / counts.length || Math.max(1e-9, Math.abs(low) * 1e-3);
  const sum = total(histogram);
  const steps: [number, number][] = [[low, 0]];
  counts.forEach((count, i) => {
    const density = count / (sum * width);
    steps.push([low + i * width, density], [low + (i + 1) * width, density]);
  });
  steps.push([low + counts.length * width, 0]);
  return steps;
}

export function weightDistributionOption(data: WeightDistributionData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const areas = panels(box, data.layers.length, PANELS);
    const insets = { left: 8, right: 8, top: 26, bottom: 26 };
    return {
      titles: data.layers.map(({ layer, densities }, i) =>
        panelTitle(view, areas[i]!, layer, i === 0 ? epochsText(densities) : ''),
      ),
      grid: areas.map((area) => gridOf(inset(area, insets))),
      xAxis: data.layers.map(({ range: [min, max] }, grid) =>
        numberAxis(view, { grid, labels: 3, min, max, format: (v) => formatNumber(v, 2) }),
      ),
      yAxis: data.layers.map((_, grid) => ({
        ...numberAxis(view, { grid, fromZero: true }),
        axisLabel: { show: false },
        axisLine: { show: false },
        splitLine: { show: false },
      })),
      tooltip: itemTooltip(view, hoverText),
      series: data.layers.flatMap(({ layer, densities }, grid) =>
        densities.map((density, i) => densityLine(view, grid, layer, density, share(i, densities.length))),
      ),
    };
  });
}

const share = (i: number, count: number): number => (count === 1 ? 1 : i / (count - 1));

const epochsText = (densities: readonly Density[]): string =>
  densities.length > 1
    ? `epochs ${densities.map(({ epoch }) => epoch).join(', ')}: pale to strong`
    : `epoch ${densities[0]!.epoch}`;

function densityLine(
  view: ChartView,
  grid: number,
  layer: string,
  density: Density,
  age: number,
): LineSeriesOption {
  const color = rampColor(view.theme.recency, age);
  return {
    type: 'line',
    name: `${layer}, epoch ${density.epoch}`,
    xAxisIndex: grid,
    yAxisIndex: grid,
    data: density.steps.map(([x, y]) => [x, y]),
    color,
    lineStyle: { width: age === 1 ? 2 : 1.25, color },
    areaStyle: { color, opacity: age === 1 ? 0.16 : 0.06 },
    showSymbol: false,
  };
}

const hoverText = ({ seriesName, value }: Hovered): string =>
  tooltipText(seriesName, `weight ${formatNumber(value[0])}`);
