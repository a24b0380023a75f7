/** How much each parameter mattered for the value, as computed elsewhere; here it is only drawn. */
import type { StudyState } from '@onegin/contracts';
import type { EChartsOption } from 'echarts';
import { categoryAxis, numberAxis } from '../axes.ts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import { isNarrow, type ChartData, type ChartView } from '../chart-view.ts';
import { formatShare, plainName, plural, tooltipText } from '../format.ts';
import { gridOf, inset } from '../layout.ts';
import { byImportance } from './parameter-scale.ts';
import { objectiveOf, type ImportanceShare, type StudyChoice } from './scored-trials.ts';

const MOST_BARS = 20;
const ROW_HEIGHT = 30;

export interface ImportanceData extends ChartData {
  /** The most important first; shares that were not finite are left out. */
  readonly bars: readonly (ImportanceShare & { readonly explanation: string })[];
}

export function importanceData(state: StudyState, choice: StudyChoice = {}): ImportanceData {
  const objective = objectiveOf(state, choice);
  const known = byImportance(
    (choice.importance ?? []).filter(({ importance }) => Number.isFinite(importance)),
  );
  const bars = known.slice(0, MOST_BARS).map((share) => ({
    ...share,
    explanation: state.config.space[share.parameter]?.explanation ?? '',
  }));
  const [first] = bars;
  return {
    title: 'Parameter importance',
    summary: first
      ? `${plainName(first.parameter)} explains ${formatShare(first.importance, 2)} of the differences in ${objective.name}.`
      : 'Not known yet.',
    empty:
      bars.length === 0
        ? 'Importance is computed when enough trials have completed to tell parameters apart.'
        : null,
    note: known.length > bars.length ? `${bars.length} of ${plural(known.length, 'parameter')}.` : null,
    rows: { count: bars.length + 1, height: ROW_HEIGHT },
    bars,
  };
}

export function importanceOption(data: ImportanceData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const { theme } = view;
    const labelWidth = isNarrow(view) ? 100 : 150;
    const height = Math.min(box.height, data.bars.length * ROW_HEIGHT + 50);
    return {
      grid: gridOf(inset({ ...box, height }, { left: labelWidth + 12, right: 56, top: 8, bottom: 26 })),
      xAxis: {
        ...numberAxis(view, {
          fromZero: true,
          min: 0,
          lines: true,
          labels: isNarrow(view) ? 2 : 4,
          format: (v) => formatShare(v, 2),
        }),
        axisLine: { show: false },
      },
      yAxis: {
        ...categoryAxis(view, {
          labels: data.bars.map(({ parameter }) => parameter),
          inverse: true,
          labelWidth,
        }),
        axisLine: { show: false },
      },
      tooltip: itemTooltip(view, (item) => hoverText(data, item)),
      series: [
        {
          type: 'bar',
          name: 'importance',
          barMaxWidth: 14,
          color: theme.series[1]!,
          data: data.bars.map(({ importance }) => Math.max(0, importance)),
          itemStyle: { borderRadius: [0, 2, 2, 0] },
          label: {
            show: true,
            position: 'right',
            color: theme.text,
            fontSize: 11,
            fontFamily: theme.fontFamily,
            formatter: (at: unknown) => formatShare((at as { value: number }).value, 2),
          },
        },
      ],
    };
  });
}

function hoverText({ bars }: ImportanceData, { dataIndex }: Hovered): string {
  const bar = bars[dataIndex];
  if (!bar) return '';
  return tooltipText(
    plainName(bar.parameter),
    formatShare(bar.importance),
    ...(bar.explanation ? [bar.explanation] : []),
  );
}
