/** An ECharts option as an SVG document. Runs in the drawing process: it takes up to seconds of pure computing. */
import * as echarts from 'echarts';
import type { EChartsOption } from 'echarts';
import { textWidth } from './fonts.ts';

export interface DrawingSize {
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
}

type Measure = NonNullable<Parameters<typeof echarts.setPlatformAPI>[0]['measureText']>;

// Without a canvas ECharts guesses widths from one table for all fonts; labels would collide or be cut.
echarts.setPlatformAPI({
  measureText: (text: string, font = '') => ({ width: textWidth(text ?? '', font) }) as ReturnType<Measure>,
});

export function drawSvg(option: EChartsOption, { width, height }: DrawingSize): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
