/** Arithmetic, activations, dropout and the loss. */
import { streamOf } from '@onegin/contracts';
import type { BasicOps, HiddenActivation, Tensor } from '../engine.ts';
import { idView, own, tensor, tf, view } from './backend.ts';

/** Klambauer et al. 2017; SELU = λ · (x or α (eˣ − 1)). */
const SELU = { scale: 1.0507009873554805, alpha: 1.6732632423543772 };

/** dy/dx from the output y. */
const SLOPE: Record<HiddenActivation, (y: number) => number> = {
  relu: (y) => (y > 0 ? 1 : 0),
  elu: (y) => (y >= 0 ? 1 : y + 1),
  selu: (y) => (y >= 0 ? SELU.scale : y + SELU.scale * SELU.alpha),
  tanh: (y) => 1 - y * y,
  sigmoid: (y) => y * (1 - y),
};

const FORWARD: Record<HiddenActivation, (x: tf.Tensor) => tf.Tensor> = {
  relu: tf.relu,
  elu: tf.elu,
  selu: tf.selu,
  tanh: tf.tanh,
  sigmoid: tf.sigmoid,
};

export const basicOps: BasicOps = {
  tensor,
  ids: (values, shape) => tf.tensor(values, [...shape], 'int32'),
  zeros: (shape) => tf.zeros([...shape]),
  values: (a) => view(a).slice(),
  add: (a, b) => tf.add(own(a), own(b)),
  multiply: (a, b) => tf.mul(own(a), own(b)),
  scale: (a, factor) => tf.mul(own(a), factor),
  reshape: (a, shape) => tf.reshape(own(a), [...shape]),
  slice: (a, axis, from, size) =>
    tf.slice(
      own(a),
      a.shape.map((_, i) => (i === axis ? from : 0)),
      a.shape.map((length, i) => (i === axis ? size : length)),
    ),
  matMul,
  addBias: (a, bias) => tf.add(own(a), own(bias)),
  biasGradient: (dy) => tensor(columnSums(view(dy), dy.shape.at(-1)!), [dy.shape.at(-1)!]),
  norm: (a) => Math.sqrt(view(a).reduce((sum, value) => sum + value * value, 0)),
  distance(a, b) {
    const [p, q] = [view(a), view(b)];
    return Math.sqrt(p.reduce((sum, value, i) => sum + (value - q[i]!) ** 2, 0));
  },
  activation: (kind, x) => FORWARD[kind](own(x)),
  activationGradient(kind, dy, y) {
    // The common one as a kernel: dy · (y > 0).
    if (kind === 'relu') return tf.mul(own(dy), tf.step(own(y)));
    const slope = SLOPE[kind];
    const [d, v] = [view(dy), view(y)];
    const result = new Float32Array(d.length);
    for (let i = 0; i < result.length; i++) result[i] = d[i]! * slope(v[i]!);
    return tensor(result, dy.shape);
  },
  dropoutMask(shape, rate, seeds) {
    const stream = streamOf(seeds[0], seeds[1]);
    const kept = 1 / (1 - rate);
    const threshold = rate * 2 ** 32;
    const mask = new Float32Array(shape.reduce((a, b) => a * b, 1));
    for (let i = 0; i < mask.length; i++) mask[i] = stream.nextUint32() >= threshold ? kept : 0;
    return tensor(mask, shape);
  },
  crossEntropy,
  softmax: (logits) => tf.softmax(own(logits)),
};

/** The backend's products with a transposed side are naive; an explicit transpose first is far faster. */
export function matMul(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  const left = transposeA ? transposed(a) : own(a);
  return tf.matMul(left, transposeB ? transposed(b) : own(b));
}

/** [rows, columns] → [columns, rows]. */
export function transposed(a: Tensor): tf.Tensor {
  const [rows, columns] = a.shape as [number, number];
  const values = view(a);
  const result = new Float32Array(values.length);
  // In blocks that stay in the cache.
  const block = 32;
  for (let r0 = 0; r0 < rows; r0 += block)
    for (let c0 = 0; c0 < columns; c0 += block)
      for (let r = r0; r < Math.min(r0 + block, rows); r++)
        for (let c = c0; c < Math.min(c0 + block, columns); c++)
          result[c * rows + r] = values[r * columns + c]!;
  return tensor(result, [columns, rows]);
}

/** Sum over all rows, in float64. */
export function columnSums(values: Float32Array, columns: number): Float32Array {
  const sums = new Float64Array(columns);
  for (let i = 0, c = 0; i < values.length; i++) {
    sums[c]! += values[i]!;
    if (++c === columns) c = 0;
  }
  return Float32Array.from(sums);
}

function crossEntropy(logits: Tensor, labels: Tensor): { losses: Tensor; gradient: Tensor } {
  const [batch, classes] = logits.shape as [number, number];
  const scores = view(logits);
  const wanted = idView(labels);
  const losses = new Float32Array(batch);
  const gradient = new Float32Array(batch * classes);
  for (let row = 0; row < batch; row++) {
    const start = row * classes;
    let top = -Infinity;
    for (let c = 0; c < classes; c++) top = Math.max(top, scores[start + c]!);
    let sum = 0;
    for (let c = 0; c < classes; c++) sum += Math.exp(scores[start + c]! - top);
    const label = wanted[row]!;
    losses[row] = Math.log(sum) + top - scores[start + label]!;
    for (let c = 0; c < classes; c++)
      gradient[start + c] = Math.exp(scores[start + c]! - top) / sum - (c === label ? 1 : 0);
  }
  return { losses: tensor(losses, [batch]), gradient: tensor(gradient, [batch, classes]) };
}
