/** When which trainer trained which trial: one lane per trainer. */
import type { StudyState, TrainingState, TrainingStatus } from '@onegin/contracts';
import type { CustomSeriesOption, EChartsOption } from 'echarts';
import { categoryAxis, numberAxis } from '../axes.ts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import { isNarrow, type ChartData, type ChartView } from '../chart-view.ts';
import { formatSeconds, plainName, plural, tooltipText } from '../format.ts';
import { gridOf, inset } from '../layout.ts';
import { legend, legendRoom } from '../marks.ts';
import { clockStep } from '../ticks.ts';
import type { StudyChoice } from './scored-trials.ts';

const MOST_BARS = 2000;
const LANE_HEIGHT = 36;
/** Of the whole time: shorter gaps can't be seen, so bars across them are drawn as one where there are many. */
const UNSEEN = 1 / 1500;

export interface TimelineBar {
  readonly lane: number;
  /** Seconds since the study's first trial started. */
  readonly from: number;
  readonly to: number;
  readonly status: TrainingStatus;
  readonly label: string;
  /** Trials in it; more than 1 where neighbours were drawn as one. */
  readonly count: number;
}

export interface TimelineData extends ChartData {
  readonly lanes: readonly string[];
  readonly bars: readonly TimelineBar[];
  readonly seconds: number;
}

/** The lane of trials that started and have no trainer now: paused, or waiting for their next attempt. */
const NO_TRAINER = 'no trainer now';

export function timelineData(state: StudyState, { now }: StudyChoice = {}): TimelineData {
  const started = startedTrainings(state);
  const start = started.reduce((earliest, { training }) => Math.min(earliest, training.startedAt!), Infinity);
  const end = Math.max(now ?? 0, lastSign(started.map(({ training }) => training)));
  const lanes = laneNames(started.map(({ training }) => training));
  const laneOf = new Map(lanes.map((name, i) => [name, i]));
  const bars = started.map(({ label, training }) => ({
    lane: laneOf.get(training.trainer ?? NO_TRAINER)!,
    from: (training.startedAt! - start) / 1000,
    to: ((training.endedAt ?? end) - start) / 1000,
    status: training.status,
    label,
    count: 1,
  }));
  const seconds = started.length > 0 ? (end - start) / 1000 : 0;
  const shown = bars.length > MOST_BARS ? joined(bars, seconds * UNSEEN) : bars;
  return {
    title: 'Timeline',
    summary: `${plural(started.length, 'training')} on ${plural(lanes.filter((name) => name !== NO_TRAINER).length, 'trainer')} in ${formatSeconds(seconds)}.`,
    empty: started.length === 0 ? 'Lanes appear here when a trainer takes the first trial.' : null,
    note: shown.length < bars.length ? 'Neighbours of one outcome are drawn as one bar.' : null,
    // Two more for legend and time axis.
    rows: { count: lanes.length + 2, height: LANE_HEIGHT },
    lanes,
    bars: shown,
    seconds,
  };
}

interface Started {
  readonly label: string;
  readonly training: TrainingState;
}

function startedTrainings(state: StudyState): Started[] {
  const all: Started[] = state.trials
    .filter(Boolean)
    .map((trial) => ({ label: `Trial ${trial.number}`, training: trial }));
  if (state.finalModel) all.push({ label: 'Final model', training: state.finalModel });
  return all.filter(({ training }) => training.startedAt !== null);
}

/** The latest time that the trainings tell of; without a clock it is what running ones are drawn to. */
const lastSign = (trainings: readonly TrainingState[]): number =>
  trainings.reduce((latest, { startedAt, endedAt, epochs }) => {
    const trained = epochs.reduce((sum, { seconds }) => sum + seconds, 0);
    return Math.max(latest, endedAt ?? startedAt! + 1000 * trained);
  }, 0);

function laneNames(trainings: readonly TrainingState[]): string[] {
  const names = new Set(trainings.map(({ trainer }) => trainer ?? NO_TRAINER));
  const rest = names.delete(NO_TRAINER);
  const sorted = [...names].sort((a, b) => (a < b ? -1 : 1));
  return rest ? [...sorted, NO_TRAINER] : sorted;
}

/** Bars of one lane and outcome whose gap can't be seen, as one. */
function joined(bars: readonly TimelineBar[], unseen: number): TimelineBar[] {
  const result: TimelineBar[] = [];
  const last = new Map<number, number>();
  for (const bar of [...bars].sort((a, b) => a.from - b.from)) {
    const at = last.get(bar.lane);
    const before = at === undefined ? undefined : result[at];
    if (before && before.status === bar.status && bar.from - before.to <= unseen) {
      const count = before.count + bar.count;
      result[at!] = { ...before, to: Math.max(before.to, bar.to), count, label: plural(count, 'trial') };
    } else {
      last.set(bar.lane, result.push(bar) - 1);
    }
  }
  return result;
}

export function timelineOption(data: TimelineData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const statuses = [...new Set(data.bars.map(({ status }) => status))];
    const wanted = data.lanes.length * LANE_HEIGHT + 28 + legendRoom(view) + 42;
    const plot = inset(
      { ...box, height: Math.min(box.height, wanted) },
      { left: isNarrow(view) ? 76 : 116, right: 36, top: 28 + legendRoom(view), bottom: 42 },
    );
    return {
      legend: { ...legend(view, box), icon: 'roundRect' },
      grid: gridOf(plot),
      xAxis: {
        ...numberAxis(view, {
          name: 'time since the first trial',
          min: 0,
          max: Math.max(1, data.seconds),
          interval: clockStep(data.seconds, isNarrow(view) ? 3 : 7),
          format: formatSeconds,
        }),
        splitLine: { show: true, lineStyle: { color: view.theme.grid } },
      },
      yAxis: categoryAxis(view, { labels: data.lanes, inverse: true, labelWidth: isNarrow(view) ? 64 : 104 }),
      tooltip: itemTooltip(view, (item) => hoverText(data, item)),
      series: statuses.map((status) => barsOf(data, view, status)),
    };
  });
}

/** ECharts' custom series: what it gives to draw one item, as far as bars need it. */
interface ItemApi {
  value(dimension: number): number;
  coord(point: [number, number]): [number, number];
  size(size: [number, number]): [number, number];
}

function barsOf({ bars }: TimelineData, { theme }: ChartView, status: TrainingStatus): CustomSeriesOption {
  const { color, word } = theme.states[status];
  return {
    type: 'custom',
    name: word,
    color,
    encode: { x: [1, 2], y: 0 },
    data: bars.flatMap((bar, i) => (bar.status === status ? [[bar.lane, bar.from, bar.to, i]] : [])),
    clip: true,
    renderItem: (_, api) => {
      const { value, coord, size } = api as unknown as ItemApi;
      const [left, middle] = coord([value(1), value(0)]);
      const [right] = coord([value(2), value(0)]);
      const height = Math.min(18, 0.6 * size([0, 1])[1]);
      // A sliver of a pixel is still a trial; a thin line between neighbours keeps them apart.
      const width = Math.max(1, right - left - (right - left > 4 ? 1 : 0));
      return {
        type: 'rect',
        shape: { x: left, y: middle - height / 2, width, height, r: width > 6 ? 2 : 0 },
        style: { fill: color, opacity: status === 'running' ? 0.65 : 0.9 },
      };
    },
  };
}

function hoverText({ bars, lanes }: TimelineData, { value }: Hovered): string {
  const bar = bars[value[3]!];
  if (!bar) return '';
  return tooltipText(
    `${bar.label}, ${bar.status}`,
    plainName(lanes[bar.lane]),
    `${formatSeconds(bar.to - bar.from)}, started ${formatSeconds(bar.from)} in`,
  );
}
