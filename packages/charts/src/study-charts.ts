/** The charts of a study, the most telling first. */
import { studyChart, type StudyChart } from './chart-kind.ts';
import { contourData, contourOption } from './study/contour.ts';
import { edfData, edfOption } from './study/edf.ts';
import { hypervolumeData, hypervolumeOption } from './study/hypervolume.ts';
import { importanceData, importanceOption } from './study/importance.ts';
import { intermediateValuesData, intermediateValuesOption } from './study/intermediate-values.ts';
import { optimizationHistoryData, optimizationHistoryOption } from './study/optimization-history.ts';
import { parallelCoordinatesData, parallelCoordinatesOption } from './study/parallel-coordinates.ts';
import { paretoFrontData, paretoFrontOption } from './study/pareto-front.ts';
import { rankData, rankOption } from './study/rank.ts';
import { sliceData, sliceOption } from './study/slice.ts';
import { timelineData, timelineOption } from './study/timeline.ts';

export const studyCharts: readonly StudyChart[] = [
  studyChart(
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
  studyChart(
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
  studyChart(
    'timeline',
    {
      title: 'Timeline',
      explanation: 'One lane per trainer; empty stretches are time in which it had nothing to do.',
      needs: 'one started trial',
    },
    timelineData,
    timelineOption,
  ),
  studyChart(
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
  studyChart(
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
  studyChart(
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
  studyChart(
    'rank',
    {
      title: 'Rank',
      explanation:
        'Pairs of parameters with the rank as color; light points show where both suit each other.',
      needs: 'one completed trial and two parameters',
      size: { width: 960, height: 720 },
    },
    rankData,
    rankOption,
  ),
  studyChart(
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
  studyChart(
    'importance',
    {
      title: 'Parameter importance',
      explanation: 'How much of the differences between trials each parameter explains.',
      needs: 'importance, computed from enough completed trials',
    },
    importanceData,
    importanceOption,
  ),
  studyChart(
    'pareto-front',
    {
      title: 'Pareto front',
      explanation: 'Accuracy against size, health as color; no trial beats one on the front in everything.',
      needs: 'one completed trial',
    },
    paretoFrontData,
    paretoFrontOption,
  ),
  studyChart(
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
