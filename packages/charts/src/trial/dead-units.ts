/** Share of each layer's units that do nothing any more (dead, dormant) or sit at the end of their range. */
import type { LayerEpoch, TrialMetrics } from '@onegin/contracts';
import type { EChartsOption, LineSeriesOption } from 'echarts';
import { endLabel, numberAxis, panelTitle } from '../axes.ts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import type { ChartData, ChartView } from '../chart-view.ts';
import { formatShare, plural, tooltipText } from '../format.ts';
import { finite, type Gap } from '../gaps.ts';
import { gridOf, inset, PANEL_MARGINS, panels } from '../layout.ts';
import { chosen, epochAxis, epochLine, layerIds, measureByLayer } from './layer-panels.ts';

const MOST_LAYERS = 8;
const MOST_EPOCHS = 200;

const MEASURES = [
  { name: 'Dead', detail: 'never above 0, or never moving', of: (l: LayerEpoch) => finite(l.dead) },
  { name: 'Dormant', detail: 'almost silent beside the others', of: (l: LayerEpoch) => finite(l.dormant) },
  { name: 'Saturated', detail: 'at an end of their range', of: (l: LayerEpoch) => finite(l.saturated) },
] as const;

export interface UnitPanel {
  readonly name: string;
  readonly detail: string;
  readonly lines: readonly { readonly layer: string; readonly shares: readonly Gap[] }[];
}

export interface DeadUnitsData extends ChartData {
  readonly epochs: readonly number[];
  /** All layers with such units, in the network's order: a layer keeps its color in every panel. */
  readonly layers: readonly string[];
  readonly panels: readonly UnitPanel[];
}

export function deadUnitsData({ epochs }: Pick<TrialMetrics, 'epochs'>): DeadUnitsData {
  const rows = chosen(epochs, MOST_EPOCHS).shown;
  const ids = layerIds(rows);
  const all = MEASURES.map(({ name, detail, of }) => {
    const shares = measureByLayer(rows, ids, of);
    const lines = ids
      .map((layer, i) => ({ layer, shares: shares[i]! }))
      .filter((line) => line.shares.some((share) => share !== null));
    return { name, detail, lines };
  }).filter(({ lines }) => lines.length > 0);
  const cut = all.some(({ lines }) => lines.length > MOST_LAYERS);
  const layers = ids.filter((id) => all.some(({ lines }) => lines.some(({ layer }) => layer === id)));
  return {
    title: 'Dead and saturated units',
    summary: summaryOf(all),
    empty: all.length === 0 ? 'Units are looked at with the end of every epoch; none has ended yet.' : null,
    note: cut ? `The ${MOST_LAYERS} most affected of ${plural(layers.length, 'layer')}.` : null,
    epochs: rows.map(({ epoch }) => epoch),
    layers,
    panels: all.map((panel) => ({ ...panel, lines: mostAffected(panel.lines) })),
  };
}

const latest = (shares: readonly Gap[]): number => shares.findLast((share) => share !== null) ?? 0;

/** The layers with the highest last share, in the network's order again. */
function mostAffected(lines: UnitPanel['lines']): UnitPanel['lines'] {
  if (lines.length <= MOST_LAYERS) return lines;
  const kept = new Set([...lines].sort((a, b) => latest(b.shares) - latest(a.shares)).slice(0, MOST_LAYERS));
  return lines.filter((line) => kept.has(line));
}

function summaryOf(all: readonly UnitPanel[]): string {
  const worst = all.map(({ name, lines }) => {
    const line = lines.reduce((a, b) => (latest(b.shares) > latest(a.shares) ? b : a));
    const share = latest(line.shares);
    return share > 0
      ? `${name.toLowerCase()} ${formatShare(share)} in ${line.layer}`
      : `${name.toLowerCase()} none`;
  });
  return worst.length > 0 ? `At most, at the end: ${worst.join(', ')}.` : 'No unit was looked at.';
}

export function deadUnitsOption(data: DeadUnitsData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const areas = panels(box, data.panels.length, { minWidth: 250, maxColumns: 3, gap: 24 });
    return {
      titles: data.panels.map(({ name, detail }, i) => panelTitle(view, areas[i]!, name, detail)),
      grid: areas.map((area) => gridOf(inset(area, { ...PANEL_MARGINS, right: 82 }))),
      xAxis: data.panels.map((_, grid) => epochAxis(view, data.epochs, { grid, labels: 4 })),
      yAxis: data.panels.map(({ lines }, grid) =>
        numberAxis(view, {
          grid,
          lines: true,
          min: 0,
          max: ceiling(lines),
          interval: ceiling(lines) / 5,
          format: (share) => formatShare(share, 2),
        }),
      ),
      tooltip: itemTooltip(view, hoverText),
      series: data.panels.flatMap(({ lines }, grid) =>
        lines.map((line) => shareLine(data, view, grid, line)),
      ),
    };
  });
}

/** The lowest of 10%, 25%, 50%, 100% that all lines stay under, so that 1% never looks like a catastrophe. */
function ceiling(lines: UnitPanel['lines']): number {
  const top = Math.max(0, ...lines.flatMap(({ shares }) => shares.map((share) => share ?? 0)));
  return [0.1, 0.25, 0.5].find((limit) => top <= limit) ?? 1;
}

function shareLine(
  data: DeadUnitsData,
  view: ChartView,
  grid: number,
  { layer, shares }: UnitPanel['lines'][number],
): LineSeriesOption {
  const { series } = view.theme;
  const color = series[(data.layers.indexOf(layer) + 1) % series.length]!;
  return {
    ...epochLine(grid, layer, data.epochs, shares, { color, dotted: 12 }),
    lineStyle: { width: 1.75, color },
    ...endLabel(view, layer, color),
  };
}

const hoverText = ({ seriesName, value }: Hovered): string =>
  tooltipText(`${seriesName}, epoch ${value[0]}`, formatShare(value[1]));
