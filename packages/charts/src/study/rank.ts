/** Pairs of parameters with each trial's rank as color: where the good trials are, whatever the values' spread. */
import type { StudyState } from '@onegin/contracts';
import type { EChartsOption, ScatterSeriesOption } from 'echarts';
import { panelTitle } from '../axes.ts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import type { ChartData, ChartView } from '../chart-view.ts';
import { formatNumber, plainName, plural, sentences, tooltipText } from '../format.ts';
import { gridOf, inset, panels } from '../layout.ts';
import { scaleBar } from '../marks.ts';
import { thinned } from '../thinning.ts';
import { axisValue, pairableScales, type ParameterScale } from './parameter-scale.ts';
import {
  drawnNote,
  NO_TRIAL_YET,
  scoredStudy,
  type Objective,
  type ScoredTrial,
  type StudyChoice,
} from './scored-trials.ts';
import { scaleAxis } from './slice.ts';

const MOST_PARAMETERS = 4;
const PANELS = { minWidth: 230, maxColumns: 3, gap: 18 };
const MOST_POINTS = 6000;

export interface RankPoint {
  readonly number: number;
  readonly x: number;
  readonly y: number;
  /** 0 is the worst trial, 1 the best; equal values share their mean rank. */
  readonly rank: number;
  readonly value: number;
}

export interface RankPanel {
  readonly x: ParameterScale;
  readonly y: ParameterScale;
  readonly points: readonly RankPoint[];
}

export interface RankData extends ChartData {
  readonly objective: Objective;
  readonly panels: readonly RankPanel[];
}

export function rankData(state: StudyState, choice: StudyChoice = {}): RankData {
  const { objective, scored } = scoredStudy(state, choice);
  const ranks = ranksOf(scored, objective);
  const scales = pairableScales(state, choice, scored, MOST_PARAMETERS);
  const pairs = scales.flatMap((y, i) => scales.slice(0, i).map((x) => ({ x, y })));
  const limit = Math.floor(MOST_POINTS / Math.max(1, pairs.length));
  const shown = thinned(scored, limit, () => false);
  const isPart = Object.keys(state.config.space).length > scales.length;
  return {
    title: 'Rank',
    summary: `${plural(scored.length, 'trial')} by rank of ${objective.name}; light points are better.`,
    empty:
      scored.length === 0
        ? NO_TRIAL_YET
        : pairs.length === 0
          ? 'A pair needs two parameters that take more than one value.'
          : null,
    note: sentences(
      isPart ? `Pairs of ${scales.length} parameters.` : null,
      drawnNote(shown.length, scored.length),
    ),
    rows: { count: pairs.length, height: 310, panels: PANELS },
    objective,
    panels: pairs.map(({ x, y }) => ({ x, y, points: pointsOf(shown, ranks, x, y) })),
  };
}

/** Mean rank by trial number, from 0 (worst) to 1 (best); a single trial is the best. */
function ranksOf(scored: readonly ScoredTrial[], { direction }: Objective): Map<number, number> {
  const sorted = [...scored].sort((a, b) =>
    direction === 'maximize' ? a.value - b.value : b.value - a.value,
  );
  const ranks = new Map<number, number>();
  const last = Math.max(1, sorted.length - 1);
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (to + 1 < sorted.length && sorted[to + 1]!.value === sorted[from]!.value) to++;
    for (let i = from; i <= to; i++)
      ranks.set(sorted[i]!.number, sorted.length === 1 ? 1 : (from + to) / 2 / last);
    from = to + 1;
  }
  return ranks;
}

/** The worst first, so that good trials are drawn on top. */
function pointsOf(
  scored: readonly ScoredTrial[],
  ranks: Map<number, number>,
  x: ParameterScale,
  y: ParameterScale,
): RankPoint[] {
  const points: RankPoint[] = [];
  for (const { number, value, trial } of scored) {
    const [atX, atY] = [axisValue(x, trial.params), axisValue(y, trial.params)];
    if (atX !== null && atY !== null)
      points.push({ number, x: atX, y: atY, rank: ranks.get(number)!, value });
  }
  return points.sort((a, b) => a.rank - b.rank);
}

export function rankOption(data: RankData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const room = { ...box, width: box.width - 52 };
    const areas = panels(room, data.panels.length, PANELS);
    return {
      titles: data.panels.map(({ y }, i) => panelTitle(view, areas[i]!, y.name)),
      grid: areas.map((area) => gridOf(inset(area, { left: 48, right: 12, top: 24, bottom: 40 }))),
      xAxis: data.panels.map(({ x }, grid) =>
        scaleAxis(view, x, { grid, name: x.name, length: areas[grid]!.width - 60 }),
      ),
      yAxis: data.panels.map(({ y }, grid) => scaleAxis(view, y, { grid })),
      visualMap: { dimension: 2, ...scaleBar(view, box, 'best', 'worst') },
      tooltip: itemTooltip(view, (item) => hoverText(data, item)),
      series: data.panels.map((panel, grid) => seriesOf(panel, grid, view)),
    };
  });
}

const seriesOf = (
  { points, x, y }: RankPanel,
  grid: number,
  { theme, selected }: ChartView,
): ScatterSeriesOption => ({
  type: 'scatter',
  name: `${plainName(x.name)} and ${plainName(y.name)}`,
  xAxisIndex: grid,
  yAxisIndex: grid,
  symbolSize: points.length > 300 ? 5 : 8,
  // The lightest colors need an edge on white, the darkest one on black.
  itemStyle: { borderColor: theme.muted, borderWidth: 0.5, opacity: 0.9 },
  data: points.map(({ x: atX, y: atY, rank, number, value }) => ({
    name: String(number),
    value: [atX, atY, rank, value],
    ...(selected?.includes(number) && { itemStyle: { borderColor: theme.accent, borderWidth: 2 } }),
  })),
});

const hoverText = ({ objective }: RankData, { name, value }: Hovered): string =>
  tooltipText(`Trial ${name}`, `${objective.name} ${formatNumber(value[3])}`);
