/** What a trial leaves: its history, how it judges every class, and its health. */
import type { ClassScore, MisclassifiedSample, TrainingData, TrialMetrics } from '@onegin/contracts';
import { analyzeHealth } from '../health/analyze-health.ts';
import { effectiveRank } from '../health/effective-rank.ts';
import type { Network } from '../network/network.ts';
import type { Evaluation } from './evaluate.ts';
import type { ObservedLayer } from './observe-units.ts';
import type { History } from './progress-state.ts';
import type { TrialOptions } from './trial.ts';

const MAX_STEP_LOSSES = 2000;
const MAX_MISCLASSIFIED = 24;
const TEXT_WORDS = 40;

export interface TrialEnd {
  options: Pick<TrialOptions, 'engine' | 'model' | 'data' | 'seed'>;
  network: Network;
  history: History;
  evaluation: Evaluation;
  /** With activations. */
  observed: readonly ObservedLayer[];
}

export function trialMetrics({ options, network, history, evaluation, observed }: TrialEnd): TrialMetrics {
  const { data, model, seed, engine } = options;
  const { labels } = data.validation;
  const confusion = confusionMatrix(labels, evaluation.predicted, data.classes.length);
  return {
    model,
    seed,
    engine: engine.info,
    parameterCount: network.plan.parameterCount,
    validationAccuracy: evaluation.accuracy,
    validationLoss: evaluation.loss,
    epochs: history.epochs,
    stepLosses: thinned(history.stepLosses),
    histograms: history.histograms,
    confusion,
    classes: data.classes,
    classScores: classScores(confusion, data.classes),
    misclassified: misclassified(data, evaluation),
    effectiveRank: Object.fromEntries(
      observed.map(({ layer, activations, units }) => [layer, effectiveRank(activations!, units)]),
    ),
    classImbalance: classImbalance(data),
    health: analyzeHealth({
      plan: network.plan,
      seed,
      epochs: history.epochs,
      stepLosses: history.stepLosses,
      layers: observed,
      validation: { labels, ...evaluation },
    }),
    seconds: history.seconds,
  };
}

function thinned(values: readonly number[]): number[] {
  if (values.length <= MAX_STEP_LOSSES) return [...values];
  return Array.from(
    { length: MAX_STEP_LOSSES },
    (_, i) => values[Math.floor(((i + 0.5) * values.length) / MAX_STEP_LOSSES)]!,
  );
}

/** matrix[true class][predicted class]. */
export function confusionMatrix(labels: Int32Array, predicted: Int32Array, classes: number): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  labels.forEach((label, i) => matrix[label]![predicted[i]!]!++);
  return matrix;
}

/** Precision of a class that is never predicted, and recall of one without samples, are null. */
export function classScores(
  confusion: readonly (readonly number[])[],
  classes: readonly string[],
): ClassScore[] {
  return classes.map((label, c) => {
    const right = confusion[c]![c]!;
    const support = confusion[c]!.reduce((a, b) => a + b, 0);
    const named = confusion.reduce((sum, row) => sum + row[c]!, 0);
    const precision = named > 0 ? right / named : null;
    const recall = support > 0 ? right / support : null;
    const sum = (precision ?? 0) + (recall ?? 0);
    const f1 = precision === null || recall === null ? null : sum > 0 ? (2 * precision * recall) / sum : 0;
    return { label, precision, recall, f1, support };
  });
}

function misclassified(data: TrainingData, { predicted, probabilities }: Evaluation): MisclassifiedSample[] {
  const { labels } = data.validation;
  const classes = data.classes.length;
  const confidence = (index: number) => probabilities[index * classes + predicted[index]!]!;
  return Array.from(labels, (_, index) => index)
    .filter((index) => predicted[index] !== labels[index])
    .sort((a, b) => confidence(b) - confidence(a) || a - b)
    .slice(0, MAX_MISCLASSIFIED)
    .map((index) => ({
      index,
      label: data.classes[labels[index]!]!,
      predicted: data.classes[predicted[index]!]!,
      confidence: Math.min(1, confidence(index)),
      ...content(data, index),
    }));
}

function content(data: TrainingData, index: number): Pick<MisclassifiedSample, 'image' | 'text'> {
  const size = data.shape.reduce((a, b) => a * b, 1);
  const from = index * size;
  if (data.kind === 'image') {
    const pixels = data.validation.inputs.subarray(from, from + size);
    return { image: { shape: [...data.shape], base64: Buffer.from(pixels).toString('base64') } };
  }
  const ids = data.validation.inputs.subarray(from, from + Math.min(size, TEXT_WORDS));
  const words = Array.from(ids).filter((id) => id !== 0);
  return { text: words.map((id) => data.vocabulary[id] ?? data.vocabulary[1] ?? '').join(' ') };
}

function classImbalance({ train, classes }: TrainingData): number {
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of train.labels) counts[label]!++;
  const present = counts.filter((count) => count > 0);
  return Math.max(...present) / Math.min(...present);
}
