import type * as echarts from './echarts.ts';

type ECharts = typeof echarts;
const AGAIN_MS = 2000;

let coming: Promise<ECharts> | null = null;

/** ECharts, fetched once for all charts; asked for again while Onegin is away, so that no chart stays empty. */
export function loadEcharts(): Promise<ECharts> {
  return (coming ??= fetchEcharts());
}

async function fetchEcharts(): Promise<ECharts> {
  for (;;) {
    try {
      return await import('./echarts.ts');
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
