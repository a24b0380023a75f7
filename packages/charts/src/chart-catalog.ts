/**
 * Every chart there is, the most telling first: what it shows, what it needs, and how to make it.
 * Plotter, gateway and browser all go by this list.
 */
import type { StudyState, TrialMetrics } from '@onegin/contracts';
import type { EChartsOption } from 'echarts';
import type { ChartData, ChartView } from './chart-view.ts';
import { contourData, contourOption } from './study/contour.ts';
import { edfData, edfOption } from './study/edf.ts';
import { hypervolumeData, hypervolumeOption } from './study/hypervolume.ts';
import { importanceData, importanceOption } from './study/importance.ts';
import { intermediateValuesData, intermediateValuesOption } from './study/intermediate-values.ts';
import { optimizationHistoryData, optimizationHistoryOption } from './study/optimization-history.ts';
import { parallelCoordinatesData, parallelCoordinatesOption } from './study/parallel-coordinates.ts';
import { paretoFrontData, paretoFrontOption } from './study/pareto-front.ts';
import { rankData, rankOption } from './study/rank.ts';
import type { StudyChoice } from './study/scored-trials.ts';
import { sliceData, sliceOption } from './study/slice.ts';
import { timelineData, timelineOption } from './study/timeline.ts';
import { activationProgressionData, activationProgressionOption } from './trial/activation-progression.ts';
import { confusionMatrixData, confusionMatrixOption } from './trial/confusion-matrix.ts';
import { deadUnitsData, deadUnitsOption } from './trial/dead-units.ts';
import { gradientFlowData, gradientFlowOption } from './trial/gradient-flow.ts';
import { healthRadarData, healthRadarOption } from './trial/health-radar.ts';
import { learningRateData, learningRateOption } from './trial/learning-rate.ts';
import { trainingHistoryData, trainingHistoryOption } from './trial/training-history.ts';
import { weightDistributionData, weightDistributionOption } from './trial/weight-distribution.ts';

interface ChartKind {
  /** Name in addresses, artifact kinds and file names. */
  readonly kind: string;
  readonly title: string;
  /** One sentence for people: what to look for. */
  readonly explanation: string;
  /** What must have been measured for it. */
  readonly needs: string;
  /** Size of a file in CSS pixels. */
  readonly size: { readonly width: number; readonly height: number };
}

export interface TrialChart extends ChartKind {
  readonly target: 'trial';
  readonly option: (metrics: TrialMetrics, view: ChartView) => EChartsOption;
}

export interface StudyChart extends ChartKind {
  readonly target: 'study';
  readonly option: (state: StudyState, view: ChartView, choice?: StudyChoice) => EChartsOption;
}

type Description = Omit<ChartKind, 'kind' | 'size'> & { size?: ChartKind['size'] };

const WIDE = { width: 960, height: 540 };
const TALL = { width: 960, height: 720 };

/** Each chart's data and option are joined here, where their types are known to fit. */
const trial = <Data extends ChartData>(
  kind: string,
  { size = WIDE, ...description }: Description,
  data: (metrics: TrialMetrics) => Data,
  option: (data: Data, view: ChartView) => EChartsOption,
): TrialChart => ({
  kind,
  target: 'trial',
  size,
  ...description,
  option: (metrics, view) => option(data(metrics), view),
});

const study = <Data extends ChartData>(
  kind: string,
  { size = WIDE, ...description }: Description,
  data: (state: StudyState, choice?: StudyChoice) => Data,
  option: (data: Data, view: ChartView) => EChartsOption,
): StudyChart => ({
  kind,
  target: 'study',
  size,
  ...description,
  option: (state, view, choice) => option(data(state, choice), view),
});

export const trialCharts: readonly TrialChart[] = [
  trial(
    'training-history',
    {
      title: 'Training history',
      explanation:
        'Loss should fall and accuracy rise on both lines; where validation turns away from training, the network learns by heart.',
      needs: 'one finished epoch',
    },
    trainingHistoryData,
    trainingHistoryOption,
  ),
  trial(
    'confusion-matrix',
    {
      title: 'Confusion matrix',
      explanation: 'Rows are true classes, columns what the network said; off the diagonal are its mistakes.',
      needs: 'a trial judged on validation samples',
      size: { width: 820, height: 800 },
    },
    confusionMatrixData,
    confusionMatrixOption,
  ),
  trial(
    'gradient-flow',
    {
      title: 'Gradient flow',
      explanation:
        'A level line means that all layers learn; a fall towards the input is a vanishing gradient, a steep rise an exploding one.',
      needs: 'one finished epoch',
    },
    gradientFlowData,
    gradientFlowOption,
  ),
  trial(
    'weight-distribution',
    {
      title: 'Weight distribution',
      explanation:
        'Weights start narrow and spread as they learn; a shape that never moves has learned nothing.',
      needs: 'weight histograms of one epoch',
    },
    weightDistributionData,
    weightDistributionOption,
  ),
  trial(
    'activation-progression',
    {
      title: 'Activation progression',
      explanation:
        'Mean and spread of what each layer puts out; a band that collapses or runs away is a layer in trouble.',
      needs: 'one finished epoch',
    },
    activationProgressionData,
    activationProgressionOption,
  ),
  trial(
    'dead-units',
    {
      title: 'Dead and saturated units',
      explanation:
        'Units that never answer, or always answer with the same extreme, take up parameters and learn nothing.',
      needs: 'one finished epoch',
    },
    deadUnitsData,
    deadUnitsOption,
  ),
  trial(
    'learning-rate',
    {
      title: 'Learning rate',
      explanation:
        'How far each step went by the schedule, and how much it moved the weights; about a thousandth is usual.',
      needs: 'one finished epoch',
    },
    learningRateData,
    learningRateOption,
  ),
  trial(
    'health-radar',
    {
      title: 'Health',
      explanation:
        'Six measures of how well the network works inside, from 0 in the middle to 1 at the edge.',
      needs: 'a finished trial',
      size: { width: 760, height: 620 },
    },
    healthRadarData,
    healthRadarOption,
  ),
];

export const studyCharts: readonly StudyChart[] = [
  study(
    'optimization-history',
    {
      title: 'Optimization history',
      explanation:
        'One point per trial and the best value so far; a line that has long been level has found what it can.',
      needs: 'one completed or running trial',
    },
    optimizationHistoryData,
    optimizationHistoryOption,
  ),
  study(
    'intermediate-values',
    {
      title: 'Intermediate values',
      explanation:
        'Accuracy of every trial by epoch; pruned trials end in a diamond, and should lie below those that went on.',
      needs: 'one finished epoch of any trial',
    },
    intermediateValuesData,
    intermediateValuesOption,
  ),
  study(
    'timeline',
    {
      title: 'Timeline',
      explanation: 'One lane per trainer; empty stretches are time in which it had nothing to do.',
      needs: 'one started trial',
    },
    timelineData,
    timelineOption,
  ),
  study(
    'parallel-coordinates',
    {
      title: 'Parallel coordinates',
      explanation:
        'Each line is a trial from its parameters to its value; where light lines bundle, good values are.',
      needs: 'one completed trial',
      size: { width: 1200, height: 600 },
    },
    parallelCoordinatesData,
    parallelCoordinatesOption,
  ),
  study(
    'slice',
    {
      title: 'Slice',
      explanation: 'The value against one parameter at a time; later trials are stronger.',
      needs: 'one completed trial',
      size: { width: 1200, height: 760 },
    },
    sliceData,
    sliceOption,
  ),
  study(
    'edf',
    {
      title: 'Distribution of values',
      explanation:
        'How many trials reach at most a value; the steeper at the right end, the surer the search finds good ones.',
      needs: 'one completed trial',
    },
    edfData,
    edfOption,
  ),
  study(
    'rank',
    {
      title: 'Rank',
      explanation:
        'Pairs of parameters with the rank as color; light points show where both suit each other.',
      needs: 'one completed trial and two parameters',
      size: TALL,
    },
    rankData,
    rankOption,
  ),
  study(
    'contour',
    {
      title: 'Contour',
      explanation: 'The value as a landscape over two parameters; light is better, empty is unexplored.',
      needs: 'one completed trial and two parameters',
      size: { width: 860, height: 620 },
    },
    contourData,
    contourOption,
  ),
  study(
    'importance',
    {
      title: 'Parameter importance',
      explanation: 'How much of the differences between trials each parameter explains.',
      needs: 'importance, computed from enough completed trials',
    },
    importanceData,
    importanceOption,
  ),
  study(
    'pareto-front',
    {
      title: 'Pareto front',
      explanation: 'Accuracy against size, health as color; no trial beats one on the front in everything.',
      needs: 'one completed trial',
    },
    paretoFrontData,
    paretoFrontOption,
  ),
  study(
    'hypervolume',
    {
      title: 'Hypervolume',
      explanation: 'How much of accuracy, health and size the trials so far have conquered; it only rises.',
      needs: 'one completed trial with known health',
    },
    hypervolumeData,
    hypervolumeOption,
  ),
];

export const chartCatalog: readonly (TrialChart | StudyChart)[] = [...trialCharts, ...studyCharts];

export type ChartFormat = 'svg' | 'png';

/** Kind of the artifact that holds a rendered chart. */
export const chartArtifactKind = (kind: string, format: ChartFormat): string => `plot:${kind}.${format}`;
