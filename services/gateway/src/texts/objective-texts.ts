/** Explains modes and health metrics; their weights and formulas are defined in contracts. */
import type { HealthMetric, Mode } from '@onegin/contracts';

export const modeTexts: Record<Mode, { title: string; explanation: string; formula: string }> = {
  simple: {
    title: 'Accuracy',
    explanation: 'The best network is the one with the highest validation accuracy.',
    formula: 'accuracy',
  },
  health: {
    title: 'Accuracy and health',
    explanation:
      'Accuracy counts together with six signs that a network has learned well: one that is nearly as accurate but trains steadily, uses its units and is no larger than it needs to be comes first.',
    formula: '(1 − h) · accuracy + h · Σ wᵢ · metricᵢ',
  },
  pareto: {
    title: 'Accuracy, health and size',
    explanation:
      'No single winner: all networks that no other beats in accuracy, health and number of parameters at once.',
    formula: 'accuracy, Σ wᵢ · metricᵢ, log10(parameters)',
  },
};

interface MetricText {
  readonly name: HealthMetric;
  readonly title: string;
  readonly explanation: string;
  readonly links: readonly { readonly title: string; readonly url: string }[];
}

export const healthMetricTexts: readonly MetricText[] = [
  {
    name: 'neuronUtilization',
    title: 'Neuron utilization',
    explanation: 'Share of hidden units that do something: neither dead, nor dormant, nor stuck at an end.',
    links: [
      {
        title: 'Sokar et al. 2023, The dormant neuron phenomenon',
        url: 'https://arxiv.org/abs/2302.12902',
      },
    ],
  },
  {
    name: 'parameterEfficiency',
    title: 'Parameter efficiency',
    explanation: 'How much accuracy above chance the network reaches for its size.',
    links: [],
  },
  {
    name: 'trainingStability',
    title: 'Training stability',
    explanation: 'How smoothly the training loss falls: little noise, no spikes.',
    links: [],
  },
  {
    name: 'gradientHealth',
    title: 'Gradient health',
    explanation: 'Whether every layer moves at a sensible pace: gradients neither vanish nor explode.',
    links: [
      {
        title: 'Glorot and Bengio 2010, Understanding the difficulty of training deep feedforward networks',
        url: 'https://proceedings.mlr.press/v9/glorot10a.html',
      },
    ],
  },
  {
    name: 'convergenceQuality',
    title: 'Convergence quality',
    explanation: 'Whether training got somewhere, kept it, and has settled.',
    links: [],
  },
  {
    name: 'accuracyConsistency',
    title: 'Accuracy consistency',
    explanation: 'Whether the accuracy holds for every part of the validation data and every class.',
    links: [],
  },
];
