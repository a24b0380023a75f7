/** The network's answers on one part of the data. */
import type { Network } from '../network/network.ts';
import { ALONE, type DeviceGroup } from '../parallel/device-group.ts';
import { range, type BatchSource } from './batches.ts';

export interface Evaluation {
  /** Mean cross-entropy in nats. */
  loss: number;
  accuracy: number;
  /** Softmax, [count, classes] row by row. */
  probabilities: Float32Array;
  predicted: Int32Array;
}

/** Samples at once: bounds the memory of the widest layer. */
const BATCH = 256;

/**
 * Predicts every sample; `between` is called after each batch, so that a caller can let others run. The devices of a
 * group take turns with the batches, and all get the whole result.
 */
export async function evaluate(
  network: Network,
  source: BatchSource,
  between?: () => Promise<void> | undefined,
  group: DeviceGroup = ALONE,
): Promise<Evaluation> {
  const { classes } = network.plan;
  const probabilities = new Float32Array(source.count * classes);
  for (let from = group.rank * BATCH; from < source.count; from += group.size * BATCH) {
    const batch = source.batch(range(from, Math.min(from + BATCH, source.count)));
    probabilities.set(softmaxRows(network.predict(batch), classes), from * classes);
    const pause = between?.();
    if (pause) await pause;
  }
  // The others left zeros where this device predicted.
  group.sum(probabilities);
  const predicted = argmaxRows(probabilities, classes);
  let loss = 0;
  let correct = 0;
  source.labels.forEach((label, row) => {
    // Below the smallest positive float32 the logarithm would be infinite.
    loss -= Math.log(Math.max(probabilities[row * classes + label]!, 1e-38));
    if (predicted[row] === label) correct++;
  });
  return { loss: loss / source.count, accuracy: correct / source.count, probabilities, predicted };
}

/** Softmax of each row, in float64 inside. */
export function softmaxRows(logits: Float32Array, classes: number): Float32Array {
  const result = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    let top = -Infinity;
    for (let c = 0; c < classes; c++) top = Math.max(top, logits[start + c]!);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(logits[start + c]! - top);
    for (let c = 0; c < classes; c++) result[start + c] = Math.exp(logits[start + c]! - top) / sum;
  }
  return result;
}

/** Index of the largest value of each row; the first of equals. */
export function argmaxRows(values: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: values.length / classes }, (_, row) => {
    let best = 0;
    for (let c = 1; c < classes; c++)
      if (values[row * classes + c]! > values[row * classes + best]!) best = c;
    return best;
  });
}
