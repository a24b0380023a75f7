/**
 * Validation accuracy of every trial by epoch: where pruned trials were stopped, and whether rightly.
 *
 * All trials of one state are one series whose lines are parted by gaps: thousands of lines cost one path.
 */
import type { StudyState, TrainingStatus, TrialState } from '@onegin/contracts';
import type { EChartsOption, LineSeriesOption, ScatterSeriesOption } from 'echarts';
import { endLabel, numberAxis, panelTitle } from '../axes.ts';
import { chartOption, itemTooltip, type Hovered } from '../chart-option.ts';
import type { ChartData, ChartView } from '../chart-view.ts';
import { formatShare, plural, tooltipText } from '../format.ts';
import { finite, type Gap } from '../gaps.ts';
import { gridOf, inset } from '../layout.ts';
import { legend, legendRoom } from '../marks.ts';
import { evenIndices, thinned } from '../thinning.ts';
import { drawnNote, shareLimits, shownRange, type StudyChoice, type ValueRange } from './scored-trials.ts';

const MOST_LINES = 500;
const MOST_EPOCHS = 100;

export interface TrialCurve {
  readonly number: number;
  readonly status: TrainingStatus;
  /** [epoch, accuracy]; a missing accuracy is a gap. */
  readonly points: readonly (readonly [number, Gap])[];
}

export interface IntermediateValuesData extends ChartData {
  readonly curves: readonly TrialCurve[];
  readonly best: number | null;
  readonly range: ValueRange | null;
  readonly lastEpoch: number;
}

export function intermediateValuesData(
  state: StudyState,
  { only }: StudyChoice = {},
): IntermediateValuesData {
  const started = state.trials.filter(
    (trial) => trial && trial.epochs.length > 0 && only?.has(trial.number) !== false,
  );
  const shown = thinned(
    started,
    MOST_LINES,
    ({ number, status }) => number === state.best || status === 'running',
  );
  const curves = shown.map(curveOf);
  const ends = curves
    .flatMap(({ points }) => points.map(([, value]) => value))
    .filter((value) => value !== null);
  return {
    title: 'Intermediate values',
    summary: `${plural(state.counts.completed, 'trial')} trained to the end, ${state.counts.pruned} stopped early.`,
    empty: started.length === 0 ? 'Curves appear here with the first epoch of the first trial.' : null,
    note: drawnNote(shown.length, started.length),
    curves,
    best: state.best,
    range: shownRange(ends, 'maximize'),
    lastEpoch: Math.max(1, ...curves.map(({ points }) => points.at(-1)![0])),
  };
}

function curveOf({ number, status, epochs }: TrialState): TrialCurve {
  const rows = evenIndices(epochs.length, MOST_EPOCHS).map((i) => epochs[i]!);
  return {
    number,
    status,
    points: rows.map(({ epoch, validationAccuracy }) => [epoch, finite(validationAccuracy)]),
  };
}

export function intermediateValuesOption(data: IntermediateValuesData, view: ChartView): EChartsOption {
  return chartOption(data, view, (box) => {
    const { theme } = view;
    const others = data.curves.filter(({ number }) => number !== data.best);
    const best = data.curves.find(({ number }) => number === data.best);
    const finished = others.filter(({ status }) => status === 'completed');
    const pruned = others.filter(({ status }) => status === 'pruned');
    const open = others.filter(({ status }) => status !== 'completed' && status !== 'pruned');
    return {
      titles: [panelTitle(view, box, 'Validation accuracy', '%')],
      legend: legend(view, box),
      grid: gridOf(inset(box, { left: 54, right: 64, top: 28 + legendRoom(view), bottom: 42 })),
      xAxis: numberAxis(view, { name: 'epoch', whole: true, min: 1, max: Math.max(2, data.lastEpoch) }),
      yAxis: numberAxis(view, { lines: true, ...shareLimits(data.range), format: (v) => formatShare(v) }),
      tooltip: itemTooltip<Gap[]>(view, hoverText),
      series: [
        lines('completed', finished, view, { width: 1, opacity: 0.4, type: 'solid' }),
        lines('pruned', pruned, view, { width: 1, opacity: 0.7, type: 'solid' }),
        lines('running', open, view, { width: 1.5, opacity: 1, type: 'dashed' }),
        ends(pruned, view),
        ...(best ? [bestLine(best, view)] : []),
        ...selectedLines(data, view),
      ],
      // A value far out leaves the plot rather than bending it.
      color: [theme.text],
    };
  });
}

type Stroke = NonNullable<LineSeriesOption['lineStyle']>;

/** All curves as one line with gaps: [epoch, accuracy, trial]. */
function lines(
  status: TrainingStatus,
  curves: readonly TrialCurve[],
  view: ChartView,
  stroke: Stroke,
): LineSeriesOption {
  const { color, word } = view.theme.states[status];
  return {
    type: 'line',
    name: word,
    data: curves.flatMap(({ number, points }) => [
      ...points.map(([epoch, value]) => [epoch, value, number]),
      [null, null, number],
    ]) as LineSeriesOption['data'],
    color,
    lineStyle: { ...stroke, color },
    // A trial with one epoch has no line to be seen by.
    symbol: curves.some(({ points }) => points.length === 1) ? 'circle' : 'none',
    symbolSize: 3,
    clip: true,
  };
}

/** Where pruned trials ended. */
function ends(pruned: readonly TrialCurve[], view: ChartView): ScatterSeriesOption {
  const { color, symbol } = view.theme.states.pruned;
  return {
    type: 'scatter',
    name: 'pruned here',
    symbol,
    symbolSize: 6,
    color,
    itemStyle: { opacity: Math.max(0.35, Math.min(1, 60 / Math.max(1, pruned.length))) },
    data: pruned.flatMap(({ number, points }) => {
      const last = points.findLast(([, value]) => value !== null);
      return last ? [{ name: String(number), value: [last[0], last[1]!, number] }] : [];
    }),
    clip: true,
  };
}

function bestLine({ number, points }: TrialCurve, view: ChartView): LineSeriesOption {
  const color = view.theme.accent;
  return {
    type: 'line',
    name: 'best',
    data: points.map(([epoch, value]) => [epoch, value, number]) as LineSeriesOption['data'],
    color,
    lineStyle: { width: 2.5, color },
    symbol: points.length === 1 ? 'circle' : 'none',
    symbolSize: 6,
    z: 5,
    ...endLabel(view, `#${number} best`, color),
  };
}

function selectedLines({ curves, best }: IntermediateValuesData, view: ChartView): LineSeriesOption[] {
  const selected = new Set(view.selected ?? []);
  return curves
    .filter(({ number }) => selected.has(number) && number !== best)
    .map((curve) => ({
      ...bestLine(curve, view),
      name: `#${curve.number}`,
      ...endLabel(view, `#${curve.number}`, view.theme.text),
      color: view.theme.text,
      lineStyle: { width: 2, color: view.theme.text },
    }));
}

const hoverText = ({ value, seriesName }: Hovered<Gap[]>): string =>
  tooltipText(`Trial ${value[2]}, ${seriesName}`, `epoch ${value[0]}: accuracy ${formatShare(value[1])}`);
