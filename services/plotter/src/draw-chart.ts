/** An ECharts option as an SVG document. Runs in the drawing process: it takes up to seconds of pure computing. */
import type { EChartsOption } from 'echarts';
// As hundreds of modules ECharts takes several times as long to load.
import * as echarts from 'echarts/dist/echarts.esm.min';
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

/** ECharts numbers the ids of a document by how many it has drawn before. */
const NUMBERED_ID = /\bzr\d+-/g;

/** @param name begins the document's ids, so that two charts may stand on one page */
export function drawSvg(option: EChartsOption, { width, height }: DrawingSize, name: string): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option);
    return sameIds(chart.renderToSVGString(), name);
  } finally {
    chart.dispose();
  }
}

/** The same data gives the same bytes, whatever was drawn before in this process. */
function sameIds(svg: string, name: string): string {
  const classes = new Map<string, number>();
  return svg.replace(NUMBERED_ID, `${name}-`).replace(/-cls-(\d+)/g, (_, number: string) => {
    if (!classes.has(number)) classes.set(number, classes.size);
    return `-cls-${classes.get(number)}`;
  });
}
