/**
 * Made-up metrics of a trial, for specs, the gallery and the benchmark: the shapes of a real one, drawn from a
 * seeded stream. Nothing here was trained.
 */
import {
  healthReportExamples,
  RandomStream,
  trialMetricsExamples,
  type EpochMetrics,
  type LayerEpoch,
  type LayerHistograms,
  type TrialMetrics,
} from '@onegin/contracts';

export interface SampleTrialChoice {
  readonly epochs?: number;
  readonly layers?: readonly string[];
  readonly classes?: readonly string[];
  readonly seed?: number;
}

const LAYERS = ['conv_1', 'conv_2', 'conv_3', 'dense_1', 'output'];
const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

export function sampleTrialMetrics(choice: SampleTrialChoice = {}): TrialMetrics {
  const { epochs = 10, layers = LAYERS, classes = DIGITS, seed = 1 } = choice;
  const random = new RandomStream(seed);
  const rows = Array.from({ length: epochs }, (_, i) => sampleEpoch(i + 1, epochs, layers, random));
  const last = rows.at(-1);
  return {
    ...trialMetricsExamples[0]!,
    seed,
    validationAccuracy: last?.validationAccuracy ?? 0,
    validationLoss: last?.validationLoss ?? 0,
    epochs: rows,
    stepLosses: Array.from(
      { length: epochs * 60 },
      (_, i) => 2.3 * Math.exp(-i / 60) + 0.05 + 0.12 * random.uniform(),
    ),
    histograms: rows.flatMap(({ epoch }) => layers.map((layer) => sampleHistogram(layer, epoch, random))),
    confusion: sampleConfusion(classes.length, random),
    classes: [...classes],
    health: healthReportExamples[0]!,
  };
}

function sampleEpoch(
  epoch: number,
  of: number,
  layers: readonly string[],
  random: RandomStream,
): EpochMetrics {
  const progress = epoch / of;
  const noise = () => 0.01 * (random.uniform() - 0.5);
  return {
    epoch,
    trainLoss: 0.6 * Math.exp(-3 * progress) + 0.02,
    trainAccuracy: Math.min(1, 0.995 - 0.14 * Math.exp(-4 * progress)),
    validationLoss: 0.5 * Math.exp(-3 * progress) + 0.06 + 0.05 * progress ** 2 + noise(),
    validationAccuracy: Math.min(1, 0.982 - 0.1 * Math.exp(-4 * progress) + noise() / 4),
    learningRate: 0.0005 * (1 + Math.cos(Math.PI * (progress - 1 / of))) + 1e-5,
    seconds: 1.8,
    samplesPerSecond: 4700,
    layers: layers.map((layer, i) => sampleLayer(layer, i, layers.length, progress, random)),
  };
}

function sampleLayer(
  layer: string,
  i: number,
  of: number,
  progress: number,
  random: RandomStream,
): LayerEpoch {
  const depth = of === 1 ? 1 : i / (of - 1);
  const wobble = 0.9 + 0.2 * random.uniform();
  return {
    layer,
    gradientNorm: 10 ** (-1.6 + 0.9 * depth - 0.6 * progress) * wobble,
    weightNorm: 3 + 2 * depth,
    updateRatio: 0.006 * (1.1 - progress) * wobble,
    dead: layer === 'output' ? null : Math.min(1, 0.04 * (1 - depth) * progress * wobble + 0.01),
    dormant: layer === 'output' ? null : Math.min(1, 0.05 * (1 - depth) + 0.06 * progress * wobble),
    saturated: layer.startsWith('lstm') ? 0.08 * progress : null,
    activationMean: 0.2 + 0.3 * depth * progress,
    activationStd: (0.3 + 0.5 * progress * (1 - depth / 2)) * wobble,
  };
}

function sampleHistogram(layer: string, epoch: number, random: RandomStream): LayerHistograms {
  const spread = 0.08 + 0.012 * epoch;
  const cells = 40;
  const [low, high] = [-4 * spread, 4 * spread];
  const counts = Array.from({ length: cells }, (_, i) => {
    const z = ((i + 0.5) / cells) * 8 - 4;
    return Math.round(4000 * Math.exp((-z * z) / 2) * (0.9 + 0.2 * random.uniform()));
  });
  return { epoch, layer, weights: { low, high, counts }, activations: null };
}

/** Mostly right, with one pair of classes that is mixed up more often than others. */
function sampleConfusion(classes: number, random: RandomStream): number[][] {
  return Array.from({ length: classes }, (_, y) =>
    Array.from({ length: classes }, (_, x) => {
      if (x === y) return 180 + Math.floor(20 * random.uniform());
      if (y === 4 % classes && x === 9 % classes) return 9;
      return random.uniform() < 0.25 ? Math.floor(4 * random.uniform()) : 0;
    }),
  );
}
