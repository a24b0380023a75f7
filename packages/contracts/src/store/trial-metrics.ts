/**
 * What a trial tells while it trains (EpochMetrics, in the study log) and what it leaves (TrialMetrics, an artifact).
 *
 * Units: losses are mean cross-entropy in nats without the L2 penalty, accuracies are shares, times seconds.
 * Everything is JSON: no NaN, no infinity; a number that is not defined is null.
 */
import * as z from 'zod';
import { healthReportExamples, healthReportSchema } from '../health-report.ts';
import { modelConfigExamples, modelConfigSchema } from '../request/model-config.ts';
import { wireObject } from '../wire-object.ts';

const share = z.number().min(0).max(1);
const measure = z.number().nullable();

/** One trainable or activation layer in one epoch. Gradients: mean over sampled steps. Units: on a fixed sample. */
export const layerEpochSchema = wireObject({
  /** Id of the layer in the architecture, such as 'conv_1'. */
  layer: z.string(),
  /** Euclidean norm of the gradient of all weights of the layer; null where it has none. */
  gradientNorm: measure,
  weightNorm: measure,
  /** ‖change of the weights in one step‖ / ‖weights‖. */
  updateRatio: measure,
  /** Share of units that never rise above 0 (ReLU), or never move. */
  dead: share.nullable(),
  /** Share of units with at most 0.025 of the layer's mean absolute activation (Sokar et al. 2023). */
  dormant: share.nullable(),
  /** Share of units that sit at an end of their bounded range (tanh, sigmoid, LSTM gates) almost always. */
  saturated: share.nullable(),
  activationMean: measure,
  activationStd: measure,
});
export type LayerEpoch = z.infer<typeof layerEpochSchema>;

export const epochMetricsSchema = wireObject({
  /** From 1. */
  epoch: z.int().min(1),
  trainLoss: z.number(),
  trainAccuracy: share,
  validationLoss: z.number(),
  validationAccuracy: share,
  /** Of the last step of the epoch. */
  learningRate: z.number().min(0),
  seconds: z.number().min(0),
  samplesPerSecond: z.number().min(0),
  layers: z.array(layerEpochSchema),
});
export type EpochMetrics = z.infer<typeof epochMetricsSchema>;

/** Counts over equal cells of [low, high]. */
export const histogramSchema = wireObject({
  low: z.number(),
  high: z.number(),
  counts: z.array(z.int().min(0)),
});
export type Histogram = z.infer<typeof histogramSchema>;

export const layerHistogramsSchema = wireObject({
  epoch: z.int().min(1),
  layer: z.string(),
  /** All weights of the layer's kernels. */
  weights: histogramSchema.nullable(),
  /** Outputs on the fixed validation sample. */
  activations: histogramSchema.nullable(),
});
export type LayerHistograms = z.infer<typeof layerHistogramsSchema>;

export const classScoreSchema = wireObject({
  label: z.string(),
  precision: share.nullable(),
  recall: share.nullable(),
  f1: share.nullable(),
  /** Validation samples of the class. */
  support: z.int().min(0),
});
export type ClassScore = z.infer<typeof classScoreSchema>;

export const misclassifiedSampleSchema = wireObject({
  /** Index in the validation part. */
  index: z.int().min(0),
  label: z.string(),
  predicted: z.string(),
  /** Softmax probability of the predicted class. */
  confidence: share,
  /** Images: raw pixels, rows of height · width · channels, base64. */
  image: wireObject({ shape: z.array(z.int()), base64: z.string() }).optional(),
  /** Texts: their first words. */
  text: z.string().optional(),
});
export type MisclassifiedSample = z.infer<typeof misclassifiedSampleSchema>;

export const trialMetricsSchema = wireObject({
  model: modelConfigSchema,
  seed: z.int().min(0),
  /** What it ran on, for people and for judging equality of results. */
  engine: wireObject({
    name: z.enum(['native', 'wasm']),
    device: z.enum(['cpu', 'gpu']),
    detail: z.string(),
  }),
  parameterCount: z.int().min(0),
  /** Of the last epoch. */
  validationAccuracy: share,
  validationLoss: z.number(),
  epochs: z.array(epochMetricsSchema),
  /** Training loss of every step, thinned to at most 2,000 evenly spaced values. */
  stepLosses: z.array(z.number()),
  histograms: z.array(layerHistogramsSchema),
  /** rows: true class; columns: predicted class. */
  confusion: z.array(z.array(z.int().min(0))),
  classes: z.array(z.string()),
  classScores: z.array(classScoreSchema),
  /** The most confident mistakes first. */
  misclassified: z.array(misclassifiedSampleSchema),
  /** exp of the entropy of the activations' singular values over the width, by layer (Roy & Vetterli 2007). */
  effectiveRank: z.record(z.string(), share),
  /** Training samples of the largest class over those of the smallest. */
  classImbalance: z.number().min(1),
  health: healthReportSchema,
  seconds: z.number().min(0),
});
export type TrialMetrics = z.infer<typeof trialMetricsSchema>;

/** Examples for documentation and tests. */
export const epochMetricsExamples: EpochMetrics[] = [
  {
    epoch: 1,
    trainLoss: 0.41,
    trainAccuracy: 0.87,
    validationLoss: 0.12,
    validationAccuracy: 0.965,
    learningRate: 0.001,
    seconds: 1.8,
    samplesPerSecond: 4700,
    layers: [
      {
        layer: 'conv_1',
        gradientNorm: 0.31,
        weightNorm: 2.4,
        updateRatio: 0.004,
        dead: 0,
        dormant: 0.03,
        saturated: null,
        activationMean: 0.2,
        activationStd: 0.5,
      },
    ],
  },
];

export const trialMetricsExamples: TrialMetrics[] = [
  {
    model: modelConfigExamples[0]!,
    seed: 7,
    engine: { name: 'native', device: 'cpu', detail: 'TensorFlow 2.21.0, 2 threads' },
    parameterCount: 421_642,
    validationAccuracy: 0.965,
    validationLoss: 0.12,
    epochs: epochMetricsExamples,
    stepLosses: [2.3, 1.1, 0.4],
    histograms: [
      { epoch: 1, layer: 'conv_1', weights: { low: -1, high: 1, counts: [4, 9, 3] }, activations: null },
    ],
    confusion: [
      [9, 1],
      [0, 10],
    ],
    classes: ['ham', 'spam'],
    classScores: [
      { label: 'ham', precision: 1, recall: 0.9, f1: 0.947, support: 10 },
      { label: 'spam', precision: 0.909, recall: 1, f1: 0.952, support: 10 },
    ],
    misclassified: [{ index: 3, label: 'ham', predicted: 'spam', confidence: 0.71, text: 'dear friend' }],
    effectiveRank: { conv_1: 0.6 },
    classImbalance: 1,
    health: healthReportExamples[0]!,
    seconds: 3.2,
  },
];
