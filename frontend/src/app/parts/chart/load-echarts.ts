/** ECharts, fetched when a chart needs it; asked for again while Onegin is unreachable, so that no chart stays empty. */
import type { EChartsCoreOption } from 'echarts/core';
import { retryImport } from '../lazy/retry-import.ts';
import type * as echarts from './echarts.ts';

export type ECharts = typeof echarts;

/** What series of `echarts.ts` alone are. */
const FIRST_SERIES = ['bar', 'line', 'parallel', 'scatter'];
/** What series say that `echarts.ts` alone does not know. */
const FURTHER_KEYS = ['markLine', 'markPoint', 'labelLayout'];

let first: Promise<ECharts> | null = null;
let further: Promise<unknown> | null = null;

/** What every chart needs, once for all of them. */
export const loadEcharts = (): Promise<ECharts> => (first ??= retryImport(() => import('./echarts.ts')));

/** The rest, for charts that `needsFurtherParts` names. */
export const loadFurtherParts = (): Promise<unknown> =>
  (further ??= retryImport(() => import('./further-echarts.ts')));

/** Whether a chart would be drawn without something, as ECharts ignores what it does not know. */
export function needsFurtherParts(option: EChartsCoreOption): boolean {
  const series = [option['series'] ?? []].flat() as Record<string, unknown>[];
  return (
    'radar' in option ||
    series.some(
      (one) => !FIRST_SERIES.includes(String(one['type'])) || FURTHER_KEYS.some((key) => key in one),
    )
  );
}
