const AGAIN_MS = 2000;

let coming: Promise<typeof import('./echarts.ts')> | null = null;

/** ECharts, fetched once for all charts; asked for again while Onegin is away, so that no chart stays empty. */
export function loadEcharts(): Promise<typeof import('./echarts.ts')> {
  return (coming ??= fetchEcharts());
}

async function fetchEcharts(): Promise<typeof import('./echarts.ts')> {
  for (;;) {
    try {
      return await import('./echarts.ts');
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
