/**
 * Embedding and LSTM. Sequences are time-major: [steps T, batch B, features F].
 *
 * The LSTM multiplies with the WebAssembly kernel and does the rest on plain arrays: one product for the inputs of
 * all steps, one small product per step for the state.
 *
 * Symbols, per step t: z = x·K + h₋·R + b of [B, 4H] in order i, f, g, o; c = σ(f)·c₋ + σ(i)·tanh(g);
 * h = σ(o)·tanh(c).
 */
import type { LstmOps, LstmResult, LstmWeights, SequenceOps, Tensor } from '../engine.ts';
import { columnSums, matMul, transposed } from './basic-ops.ts';
import { idView, own, tensor, tf, view } from './backend.ts';

export const sequenceOps: SequenceOps & LstmOps = {
  gatherRows(table, ids) {
    const width = table.shape[1]!;
    const [rows, wanted] = [view(table), idView(ids)];
    const result = new Float32Array(wanted.length * width);
    for (let i = 0; i < wanted.length; i++)
      result.set(rows.subarray(wanted[i]! * width, (wanted[i]! + 1) * width), i * width);
    return tensor(result, [...ids.shape, width]);
  },
  gatherRowsGradient(dy, ids, rows) {
    const width = dy.shape.at(-1)!;
    const [d, wanted] = [view(dy), idView(ids)];
    const result = new Float32Array(rows * width);
    for (let i = 0; i < wanted.length; i++)
      for (let j = 0; j < width; j++) result[wanted[i]! * width + j]! += d[i * width + j]!;
    return tensor(result, [rows, width]);
  },
  lstm,
  lstmGradients,
  lstmGates({ output, saved }) {
    const { gates, cells } = saved as Saved;
    const units = output.shape[2]!;
    const gate = (index: number): Tensor => {
      const values = new Float32Array(gates.length / 4);
      for (let row = 0; row < values.length / units; row++)
        values.set(gates.subarray((4 * row + index) * units, (4 * row + index + 1) * units), row * units);
      return tensor(values, output.shape);
    };
    return {
      input: gate(0),
      forget: gate(1),
      output: gate(3),
      cellOutput: tensor(cells.map(Math.tanh), output.shape),
    };
  },
  reverseTime: (x) => tf.reverse(own(x), 0),
  lastStep(x) {
    const [steps, batch, features] = x.shape as [number, number, number];
    return tf.reshape(tf.slice(own(x), [steps - 1, 0, 0], [1, batch, features]), [batch, features]);
  },
  atLastStep(dy, steps) {
    const [batch, features] = dy.shape as [number, number];
    const result = new Float32Array(steps * batch * features);
    result.set(view(dy), (steps - 1) * batch * features);
    return tensor(result, [steps, batch, features]);
  },
  joinFeatures: (a, b) => tf.concat([own(a), own(b)], a.shape.length - 1),
  splitFeatures(joined, first) {
    const parts = tf.split(own(joined), [first, joined.shape.at(-1)! - first], joined.shape.length - 1);
    return [parts[0]!, parts[1]!];
  },
};

interface Saved {
  /** σ(i), σ(f), tanh(g), σ(o) of every step and sample: [T · B, 4H]. */
  gates: Float32Array;
  /** c of every step: [T · B, H]. */
  cells: Float32Array;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function lstm(x: Tensor, { kernel, recurrentKernel, bias }: LstmWeights): LstmResult {
  const [steps, batch, features] = x.shape as [number, number, number];
  const units = recurrentKernel.shape[0]!;
  const flat = tf.reshape(own(x), [steps * batch, features]);
  const gates = view(tf.add(tf.matMul(flat, own(kernel) as tf.Tensor2D), own(bias))).slice();
  const cells = new Float32Array(steps * batch * units);
  const output = new Float32Array(steps * batch * units);
  const size = batch * units;
  for (let t = 0; t < steps; t++) {
    if (t > 0) addRecurrent(gates, output.slice((t - 1) * size, t * size), recurrentKernel, batch, t);
    for (let row = 0; row < batch; row++)
      cellStep(gates, cells, output, (t * batch + row) * units, units, size, t > 0);
  }
  const saved: Saved = { gates, cells };
  return { output: tensor(output, [steps, batch, units]), saved };
}

/** z of step t += h of the step before · R. */
function addRecurrent(
  gates: Float32Array,
  before: Float32Array,
  recurrent: Tensor,
  batch: number,
  t: number,
): void {
  const units = recurrent.shape[0]!;
  const width = 4 * units;
  const added = view(tf.matMul(tensor(before, [batch, units]) as tf.Tensor2D, own(recurrent) as tf.Tensor2D));
  const offset = t * batch * width;
  for (let i = 0; i < added.length; i++) gates[offset + i]! += added[i]!;
}

/** One sample's step; `at` is its place in [T · B, H], and four times that in the gates. */
function cellStep(
  gates: Float32Array,
  cells: Float32Array,
  output: Float32Array,
  at: number,
  units: number,
  stepSize: number,
  hasPast: boolean,
): void {
  const z = 4 * at;
  for (let u = 0; u < units; u++) {
    const i = (gates[z + u] = sigmoid(gates[z + u]!));
    const f = (gates[z + units + u] = sigmoid(gates[z + units + u]!));
    const g = (gates[z + 2 * units + u] = Math.tanh(gates[z + 2 * units + u]!));
    const o = (gates[z + 3 * units + u] = sigmoid(gates[z + 3 * units + u]!));
    const past = hasPast ? cells[at - stepSize + u]! : 0;
    const cell = (cells[at + u] = f * past + i * g);
    output[at + u] = o * Math.tanh(cell);
  }
}

function lstmGradients(x: Tensor, weights: LstmWeights, { output, saved }: LstmResult, dy: Tensor) {
  const [steps, batch, features] = x.shape as [number, number, number];
  const units = weights.recurrentKernel.shape[0]!;
  const dz = backThroughTime(weights.recurrentKernel, saved as Saved, view(dy).slice(), [
    steps,
    batch,
    units,
  ]);
  const rows = steps * batch;
  const flatDz = tensor(dz, [rows, 4 * units]);
  const flatX = tf.reshape(own(x), [rows, features]);
  // The state before step t is the output of step t − 1, and zero before the first.
  const before = new Float32Array(rows * units);
  before.set(view(output).subarray(0, (rows - batch) * units), batch * units);
  return {
    input: tf.reshape(own(matMul(flatDz, weights.kernel, false, true)), [steps, batch, features]),
    kernel: matMul(flatX, flatDz, true),
    recurrentKernel: matMul(tensor(before, [rows, units]), flatDz, true),
    bias: tensor(columnSums(dz, 4 * units), [4 * units]),
  };
}

/** Gradient by z of every step, [T · B, 4H]; `dOutput` is used up. */
function backThroughTime(
  recurrent: Tensor,
  { gates, cells }: Saved,
  dOutput: Float32Array,
  [steps, batch, units]: [number, number, number],
): Float32Array {
  const size = batch * units;
  const back = transposed(recurrent) as tf.Tensor2D;
  const dz = new Float32Array(gates.length);
  const dCell = new Float32Array(size);
  for (let t = steps - 1; t >= 0; t--) {
    for (let row = 0; row < batch; row++)
      cellStepBack(
        gates,
        cells,
        dOutput,
        dCell,
        dz,
        (t * batch + row) * units,
        row * units,
        units,
        t > 0 ? size : 0,
      );
    if (t === 0) break;
    const step = tensor(dz.slice(t * 4 * size, (t + 1) * 4 * size), [batch, 4 * units]) as tf.Tensor2D;
    const dBefore = view(tf.matMul(step, back));
    const offset = (t - 1) * size;
    for (let i = 0; i < size; i++) dOutput[offset + i]! += dBefore[i]!;
  }
  return dz;
}

/** One sample's step back. `stepSize` is 0 at the first step, which has no past. */
function cellStepBack(
  gates: Float32Array,
  cells: Float32Array,
  dOutput: Float32Array,
  dCell: Float32Array,
  dz: Float32Array,
  at: number,
  row: number,
  units: number,
  stepSize: number,
): void {
  const z = 4 * at;
  for (let u = 0; u < units; u++) {
    const i = gates[z + u]!;
    const f = gates[z + units + u]!;
    const g = gates[z + 2 * units + u]!;
    const o = gates[z + 3 * units + u]!;
    const tanhCell = Math.tanh(cells[at + u]!);
    const past = stepSize > 0 ? cells[at - stepSize + u]! : 0;
    const dh = dOutput[at + u]!;
    const dc = dCell[row + u]! + dh * o * (1 - tanhCell * tanhCell);
    dz[z + u] = dc * g * i * (1 - i);
    dz[z + units + u] = dc * past * f * (1 - f);
    dz[z + 2 * units + u] = dc * i * (1 - g * g);
    dz[z + 3 * units + u] = dh * tanhCell * o * (1 - o);
    dCell[row + u] = dc * f;
  }
}
