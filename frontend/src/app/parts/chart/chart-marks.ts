/** What stands on a chart that is drawn: trials that are lit, and brushes. A chart that is redrawn forgets both. */
import type { AxisArea, ParallelAreas } from '@onegin/charts';
import { BRUSH_OPACITY } from '@onegin/charts/study';
import type { EChartsType } from 'echarts/core';
import { paintBrushes } from './paint-brushes.ts';

/** ECharts paints a brush when another axis is told; so in the end one is told that is none. */
const NO_AXIS = 'no axis';

export class ChartMarks {
  #lit: readonly number[] = [];
  /** The brushes that the chart shows. */
  #shaded: ParallelAreas = new Map();
  /** The drawing that shows them. */
  #shadedOn: unknown = null;

  light(chart: EChartsType, trials: readonly number[]): void {
    if (this.#lit.length > 0) chart.dispatchAction({ type: 'downplay', name: this.#lit.map(String) });
    if (trials.length > 0) chart.dispatchAction({ type: 'highlight', name: trials.map(String) });
    this.#lit = trials;
  }

  /** Somebody brushed the chart itself. */
  brushed(axis: string, areas: readonly AxisArea[]): void {
    this.#shaded = new Map(this.#shaded).set(axis, areas);
  }

  /** @param drawing tells one drawing of the chart from the next */
  shade(chart: EChartsType, areas: ParallelAreas, drawing: unknown, accent: string): void {
    const shown: ParallelAreas = drawing === this.#shadedOn ? this.#shaded : new Map();
    const changed = [...new Set([...shown.keys(), ...areas.keys()])].filter((axis) => {
      const [has, wanted] = [shown.get(axis) ?? [], areas.get(axis) ?? []];
      return has !== wanted && has.length + wanted.length > 0;
    });
    for (const axis of changed.length > 0 ? [...changed, NO_AXIS] : [])
      chart.dispatchAction(
        { type: 'axisAreaSelect', parallelAxisId: axis, intervals: areas.get(axis) ?? [] },
        { silent: true },
      );
    if (changed.length > 0)
      paintBrushes(chart, { fill: accent, stroke: accent, lineWidth: 1, opacity: BRUSH_OPACITY });
    this.#shaded = areas;
    this.#shadedOn = drawing;
  }
}
