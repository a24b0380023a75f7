/** The six health metrics as a shape; a metric that could not be measured is named instead of drawn as 0. */
import { rampColor, HEALTH_METRICS, type HealthMetric, type TrialMetrics } from '@onegin/contracts';
import type { EChartsOption } from 'echarts';
import { categoryAxis, numberAxis } from '../axes.ts';
import { chartOption, itemTooltip, type ChartBody } from '../chart-option.ts';
import { isNarrow, type ChartData, type ChartView } from '../chart-view.ts';
import { formatNumber, formatShare, sentences, tooltipText } from '../format.ts';
import { finite, type Gap } from '../gaps.ts';
import { gridOf, inset, type Box } from '../layout.ts';

/** Fewer directions than this make no shape. */
const FEWEST_DIRECTIONS = 3;

export const healthMetricNames: Readonly<Record<HealthMetric, string>> = {
  neuronUtilization: 'Neuron utilization',
  parameterEfficiency: 'Parameter efficiency',
  trainingStability: 'Training stability',
  gradientHealth: 'Gradient health',
  convergenceQuality: 'Convergence quality',
  accuracyConsistency: 'Accuracy consistency',
};

export interface HealthRadarData extends ChartData {
  /** The metrics that are known, each in [0, 1]. */
  readonly metrics: readonly { readonly name: string; readonly value: number }[];
  readonly score: Gap;
}

export function healthRadarData({ health }: Pick<TrialMetrics, 'health'>): HealthRadarData {
  const metrics: { name: string; value: number }[] = [];
  const unknown: string[] = [];
  for (const metric of HEALTH_METRICS) {
    const entry = health[metric];
    const value = finite(entry.value);
    if (value !== null) metrics.push({ name: healthMetricNames[metric], value });
    else
      unknown.push(
        `${healthMetricNames[metric]} unknown: ${entry.known ? 'not a finite number' : entry.reason}.`,
      );
  }
  const gap = finite(health.overfittingGap);
  return {
    title: 'Health',
    summary: `Health score ${formatNumber(health.score, 3)}${gap === null ? '' : `, overfitting gap ${formatShare(gap, 2)}`}.`,
    empty: metrics.length === 0 ? `No health metric could be measured. ${unknown[0] ?? ''}`.trim() : null,
    note: sentences(...unknown),
    metrics,
    score: finite(health.score),
  };
}

export function healthRadarOption(data: HealthRadarData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) =>
    data.metrics.length < FEWEST_DIRECTIONS ? bars(data, view, box) : radar(data, view, box),
  );
}

function radar(data: HealthRadarData, view: ChartView, box: Box): ChartBody {
  const { theme } = view;
  const narrow = isNarrow(view);
  const face = { fontFamily: theme.fontFamily, fontSize: narrow ? 11 : 12 };
  const label = (name: string) => (narrow ? name.replace(' ', '\n') : name);
  // The score's colour is its place on the scale; the outline stays readable on any of them.
  const fill = rampColor(theme.scale, data.score ?? 0);
  return {
    radar: {
      center: [box.left + box.width / 2, box.top + box.height / 2 + 4],
      radius: Math.max(
        20,
        Math.min(box.height / 2 - (narrow ? 60 : 42), box.width / 2 - (narrow ? 84 : 110)),
      ),
      indicator: data.metrics.map(({ name, value }) => ({
        name: `${label(name)}\n${formatNumber(value, 2)}`,
        min: 0,
        max: 1,
      })),
      axisName: { ...face, color: theme.text, lineHeight: 16 },
      splitNumber: 4,
      splitArea: { show: false },
      splitLine: { lineStyle: { color: theme.rule, opacity: 0.6 } },
      axisLine: { lineStyle: { color: theme.rule, opacity: 0.6 } },
    },
    tooltip: itemTooltip(view, () => hoverText(data)),
    series: [
      {
        type: 'radar',
        symbol: 'circle',
        symbolSize: 6,
        data: [
          {
            name: 'health',
            value: data.metrics.map(({ value }) => value),
            lineStyle: { color: theme.text, width: 1.5 },
            itemStyle: { color: theme.text },
            areaStyle: { color: fill, opacity: 0.5 },
          },
        ],
      },
    ],
  };
}

function bars(data: HealthRadarData, view: ChartView, box: Box): ChartBody {
  const { theme } = view;
  return {
    grid: gridOf(inset(box, { left: 140, right: 40, top: 8, bottom: 30 })),
    xAxis: numberAxis(view, { min: 0, max: 1, lines: true }),
    yAxis: categoryAxis(view, { labels: data.metrics.map(({ name }) => name), inverse: true }),
    tooltip: itemTooltip(view, () => hoverText(data)),
    series: [
      {
        type: 'bar',
        barMaxWidth: 18,
        data: data.metrics.map(({ value }) => ({
          value,
          itemStyle: { color: rampColor(theme.scale, value) },
        })),
        label: {
          show: true,
          position: 'right',
          color: theme.text,
          formatter: (at: unknown) => formatNumber((at as { value: number }).value, 2),
        },
      },
    ],
  };
}

const hoverText = (data: HealthRadarData): string =>
  tooltipText(
    `Health score ${formatNumber(data.score, 3)}`,
    ...data.metrics.map(({ name, value }) => `${name} ${formatNumber(value, 3)}`),
  );
