/**
 * How strong the gradient is in each layer, from input to output, one line per epoch: a healthy line is level,
 * a vanishing one falls towards the input, an exploding one rises.
 */
import { rampColor, type TrialMetrics } from '@onegin/contracts';
import type { EChartsOption } from 'echarts';
import { categoryAxis, endLabel, numberAxis, panelTitle } from '../axes.ts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import { isNarrow, type ChartData, type ChartView } from '../chart-view.ts';
import { formatNumber, plainName, sentences, tooltipText } from '../format.ts';
import { finite, type Gap } from '../gaps.ts';
import { gridOf, inset, PANEL_MARGINS } from '../layout.ts';
import { extent } from '../thinning.ts';
import { chosen, chosenNote, layerIds, measureByLayer } from './layer-panels.ts';

const MOST_EPOCHS = 8;

export interface GradientFlowData extends ChartData {
  readonly layers: readonly string[];
  /** Norm per layer; a norm of 0 cannot stand on a logarithmic axis and is a gap. */
  readonly lines: readonly { readonly epoch: number; readonly norms: readonly Gap[] }[];
}

export function gradientFlowData({ epochs }: Pick<TrialMetrics, 'epochs'>): GradientFlowData {
  const all = layerIds(epochs);
  const norms = measureByLayer(epochs, all, (layer) => finite(layer.gradientNorm));
  // Layers without weights have no gradient at any epoch.
  const layers = all.filter((_, i) => norms[i]!.some((norm) => norm !== null));
  const rows = norms.filter((row) => row.some((norm) => norm !== null));
  const shown = chosen([...epochs.keys()], MOST_EPOCHS);
  const zeros = rows.flat().filter((norm) => norm !== null && norm <= 0).length;
  const lines = shown.shown.map((at) => ({
    epoch: epochs[at]!.epoch,
    norms: rows.map((row) => positive(row[at]!)),
  }));
  return {
    title: 'Gradient flow',
    summary: summaryOf(layers, lines.at(-1)?.norms ?? []),
    empty:
      lines.length === 0 || layers.length === 0
        ? 'Gradients are measured with every epoch; none has ended yet.'
        : null,
    note: sentences(
      chosenNote({ shown: layers, of: layers.length }, shown),
      zeros > 0 ? `${zeros} gradients were exactly 0 and are not drawn.` : null,
    ),
    layers,
    lines,
  };
}

const positive = (norm: Gap): Gap => (norm !== null && norm > 0 ? norm : null);

function summaryOf(layers: readonly string[], norms: readonly Gap[]): string {
  const first = norms[0] ?? null;
  const last = norms.at(-1) ?? null;
  if (layers.length < 2 || first === null || last === null) return 'The norm of the gradient in each layer.';
  const ratio = first / last;
  const [strong, weak] = ratio >= 1 ? ['first', 'last'] : ['last', 'first'];
  return `In the last epoch the ${strong} layer's gradient is ${formatNumber(Math.max(ratio, 1 / ratio), 2)} times the ${weak} layer's.`;
}

export function gradientFlowOption(data: GradientFlowData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const [low, high] = extent(data.lines.flatMap(({ norms }) => norms)) ?? [0.1, 1];
    const many = data.layers.length * 70 > box.width;
    return {
      titles: [panelTitle(view, box, 'Norm of the gradient', 'from input to output, by epoch')],
      grid: gridOf(
        inset(box, { ...PANEL_MARGINS, left: 56, right: isNarrow(view) ? 64 : 84, bottom: many ? 74 : 42 }),
      ),
      xAxis: categoryAxis(view, {
        labels: data.layers,
        gap: false,
        labelWidth: many ? 76 : 100,
        rotate: many ? 40 : 0,
      }),
      yAxis: numberAxis(view, { log: true, lines: true, min: low / 1.5, max: high * 1.5 }),
      tooltip: itemTooltip<Gap>(view, (item) => hoverText(data, item)),
      series: data.lines.map(({ epoch, norms }, i) => {
        const latest = i === data.lines.length - 1;
        const color = rampColor(
          view.theme.recency,
          data.lines.length === 1 ? 1 : i / (data.lines.length - 1),
        );
        return {
          type: 'line' as const,
          name: `epoch ${epoch}`,
          data: norms.map((norm) => norm),
          color,
          lineStyle: { width: latest ? 2.5 : 1.5, color },
          symbol: 'circle',
          symbolSize: latest ? 6 : 4,
          showSymbol: data.layers.length <= 40,
          connectNulls: true,
          // First and last are enough to read the ramp by.
          ...((latest || i === 0) && endLabel(view, `epoch ${epoch}`, latest ? color : view.theme.muted)),
        };
      }),
    };
  });
}

function hoverText({ layers }: GradientFlowData, { dataIndex, value, seriesName }: Hovered<Gap>): string {
  return tooltipText(plainName(layers[dataIndex] ?? ''), seriesName, `gradient norm ${formatNumber(value)}`);
}
