/** The charts of a trial, the most telling first. */
import { trialChart, type TrialChart } from './chart-kind.ts';
import { activationProgressionData, activationProgressionOption } from './trial/activation-progression.ts';
import { confusionMatrixData, confusionMatrixOption } from './trial/confusion-matrix.ts';
import { deadUnitsData, deadUnitsOption } from './trial/dead-units.ts';
import { gradientFlowData, gradientFlowOption } from './trial/gradient-flow.ts';
import { healthRadarData, healthRadarOption } from './trial/health-radar.ts';
import { learningRateData, learningRateOption } from './trial/learning-rate.ts';
import { trainingHistoryData, trainingHistoryOption } from './trial/training-history.ts';
import { weightDistributionData, weightDistributionOption } from './trial/weight-distribution.ts';

export const trialCharts: readonly TrialChart[] = [
  trialChart(
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
  trialChart(
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
  trialChart(
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
  trialChart(
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
  trialChart(
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
  trialChart(
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
  trialChart(
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
  trialChart(
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
