/** Which trials lie inside the areas that were brushed on the axes of the parallel coordinates. */
import type { EChartsType } from 'echarts/core';

/** The part of a series that says which of its lines are in every area; ECharts' model is not typed. */
interface ParallelSeries {
  getRawIndicesByActiveState?: (state: 'active' | 'inactive' | 'normal') => number[];
}
interface Model {
  getModel(): { getSeriesByIndex(index: number): ParallelSeries | undefined };
}

/** Null where no area is left. */
export function brushedTrials(chart: EChartsType): ReadonlySet<number> | null {
  const series = (chart as unknown as Model).getModel().getSeriesByIndex(0);
  const active = series?.getRawIndicesByActiveState?.('active') ?? [];
  const inactive = series?.getRawIndicesByActiveState?.('inactive') ?? [];
  if (active.length + inactive.length === 0) return null;
  const { series: drawn } = chart.getOption() as { series?: { data?: { name?: string }[] }[] };
  const data = drawn?.[0]?.data ?? [];
  return new Set(active.map((index) => Number(data[index]?.name)).filter(Number.isInteger));
}
