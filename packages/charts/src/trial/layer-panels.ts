/** What charts with one panel or one line per layer share: which layers, which epochs, in which order. */
import type { EpochMetrics, LayerEpoch } from '@onegin/contracts';
import type { LineSeriesOption } from 'echarts';
import { numberAxis, type AxisChoice } from '../axes.ts';
import type { ChartView } from '../chart-view.ts';
import { plural } from '../format.ts';
import type { Gap } from '../gaps.ts';
import { evenIndices } from '../thinning.ts';

/** Ids of all layers of the epochs, in the network's order. */
export function layerIds(epochs: readonly EpochMetrics[]): string[] {
  const ids = new Set<string>();
  // The first epoch has them in order; a layer that only a later one knows follows behind.
  for (const { layers } of epochs) for (const { layer } of layers) ids.add(layer);
  return [...ids];
}

export interface Chosen<T> {
  readonly shown: T[];
  readonly of: number;
}

/** At most `limit`, evenly spread from the first to the last. */
export const chosen = <T>(items: readonly T[], limit: number): Chosen<T> => ({
  shown: evenIndices(items.length, limit).map((i) => items[i]!),
  of: items.length,
});

/** "8 of 200 layers, 6 of 50 epochs drawn."; null where all are. */
export function chosenNote(layers: Chosen<unknown>, epochs?: Chosen<unknown>): string | null {
  const part = ({ shown, of }: Chosen<unknown>, word: string) =>
    shown.length < of ? `${shown.length} of ${plural(of, word)}` : null;
  const parts = [part(layers, 'layer'), epochs ? part(epochs, 'epoch') : null].filter(
    (text) => text !== null,
  );
  return parts.length > 0 ? `${parts.join(', ')} drawn, evenly chosen.` : null;
}

/** One measure by layer: value at each epoch, null where the epoch lacks the layer. */
export function measureByLayer<Value>(
  epochs: readonly EpochMetrics[],
  layers: readonly string[],
  measure: (layer: LayerEpoch) => Value | null,
): (Value | null)[][] {
  const rows = epochs.map((epoch) => new Map(epoch.layers.map((layer) => [layer.layer, layer])));
  return layers.map((id) =>
    rows.map((row) => {
      const layer = row.get(id);
      return layer ? measure(layer) : null;
    }),
  );
}

/** The epochs below a panel. One epoch alone would be an axis of no length. */
export const epochAxis = (view: ChartView, epochs: readonly number[], choice: AxisChoice) =>
  numberAxis(view, {
    name: 'epoch',
    whole: true,
    min: epochs[0]!,
    max: Math.max(epochs.at(-1)!, epochs[0]! + 1),
    ...choice,
  });

/** A value of every epoch as a line in a panel; with dots where there are at most `dotted` epochs. */
export const epochLine = (
  grid: number,
  name: string,
  epochs: readonly number[],
  values: readonly Gap[],
  { color, dotted }: { color: string; dotted: number },
): LineSeriesOption => ({
  type: 'line',
  name,
  xAxisIndex: grid,
  yAxisIndex: grid,
  data: epochs.map((epoch, i) => [epoch, values[i] ?? null]),
  color,
  lineStyle: { width: 2, color },
  symbol: 'circle',
  symbolSize: 5,
  showSymbol: epochs.length <= dotted,
});
