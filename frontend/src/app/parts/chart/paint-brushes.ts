import type { EChartsType } from 'echarts/core';

/** How a brushed area looks, over what it covers. */
export interface BrushPaint {
  readonly fill: string;
  readonly stroke: string;
  readonly lineWidth: number;
  readonly opacity: number;
}

/** The part of a drawn shape that is used here. */
interface Shape {
  readonly name?: string;
  readonly draggable?: boolean | string;
  setStyle?: (style: BrushPaint) => void;
}

/** ECharts gives its own style, which hides the axis, to brushes that a program puts back; they get that of the rest. */
export function paintBrushes(chart: EChartsType, paint: BrushPaint): void {
  chart.getZr().storage.traverse((shape: Shape) => {
    if (shape.name === 'main' && shape.draggable) shape.setStyle?.(paint);
  });
}
