/**
 * Accuracy consistency: whether the accuracy depends on which samples are asked.
 *
 * The validation part is dealt into 10 seeded folds of n samples with accuracies p₁ … p₁₀ around p:
 *   expected = √(p (1 − p) / n), the spread of pure chance;  excess = max(0, spread / expected − 1)
 *   metric   = 1 / (1 + excess) · √(recall of the worst class / mean recall)
 */
import { streamOf, type HealthValue } from '@onegin/contracts';
import { known, mean, unknown } from './value.ts';

const FOLDS = 10;
/** Below ten samples a fold its accuracy is too coarse. */
const MIN_SAMPLES = 10 * FOLDS;

export interface ConsistencyInput {
  labels: Int32Array;
  predicted: Int32Array;
  classes: number;
  seed: number;
}

export function accuracyConsistency({ labels, predicted, classes, seed }: ConsistencyInput): HealthValue {
  const count = labels.length;
  if (count < MIN_SAMPLES)
    return unknown(`the validation part has ${count} samples, fewer than ${MIN_SAMPLES}`);
  const order = streamOf(seed, 'folds').shuffle(Int32Array.from({ length: count }, (_, i) => i));
  const correct = Array.from(order, (index) => Number(labels[index] === predicted[index]));
  const perFold = Math.floor(count / FOLDS);
  const folds = Array.from({ length: FOLDS }, (_, f) => mean(correct.slice(f * perFold, (f + 1) * perFold)));
  const p = mean(folds);
  const expected = Math.sqrt((p * (1 - p)) / perFold);
  const spread = Math.sqrt(folds.reduce((sum, fold) => sum + (fold - p) ** 2, 0) / (FOLDS - 1));
  // All right or all wrong: no spread, and none expected.
  const excess = expected > 0 ? Math.max(0, spread / expected - 1) : 0;
  const recalls = recallsOf(labels, predicted, classes);
  const average = mean(recalls);
  const evenness = average > 0 ? Math.sqrt(Math.min(...recalls) / average) : 0;
  return known((1 / (1 + excess)) * evenness);
}

/** Recall of every class that has samples. */
function recallsOf(labels: Int32Array, predicted: Int32Array, classes: number): number[] {
  const total = new Array<number>(classes).fill(0);
  const right = new Array<number>(classes).fill(0);
  labels.forEach((label, i) => {
    total[label]!++;
    if (predicted[i] === label) right[label]!++;
  });
  return total.flatMap((samples, c) => (samples > 0 ? [right[c]! / samples] : []));
}
