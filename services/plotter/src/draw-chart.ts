/** An ECharts option as an SVG document. Runs in the drawing process: it takes up to seconds of pure computing. */
import * as echarts from 'echarts';
import type { EChartsOption } from 'echarts';

export interface DrawingSize {
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
}

export function drawSvg(option: EChartsOption, { width, height }: DrawingSize): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
