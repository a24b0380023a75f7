/**
 * Embedding and LSTM on TensorFlow's operations. Sequences are time-major: [steps T, batch B, features F].
 *
 * BlockLSTMV2 runs a whole sequence in one operation, its gradient in another. Gates i, f, c, o as in Keras;
 * w = [kernel; recurrent kernel] of [F + H, 4H]. It adds no forget bias of its own.
 */
import type { LstmResult, LstmWeights, Tensor, TensorOps } from '../engine.ts';
import type { Attributes } from './attributes.ts';
import type { Executor } from './executor.ts';

type SequenceOps = Pick<
  TensorOps,
  | 'gatherRows'
  | 'gatherRowsGradient'
  | 'lstm'
  | 'lstmGradients'
  | 'lstmGates'
  | 'reverseTime'
  | 'lastStep'
  | 'atLastStep'
  | 'joinFeatures'
  | 'splitFeatures'
>;

export const sequenceOps = (x: Executor, a: Attributes): SequenceOps => ({
  ...embedding(x, a),
  ...lstm(x, a),
  ...shaping(x, a),
});

function embedding(x: Executor, a: Attributes): Pick<SequenceOps, 'gatherRows' | 'gatherRowsGradient'> {
  const { TF_FLOAT: float, TF_INT32: int } = x.binding;
  const gather = [
    a.type('Tparams', float),
    a.type('Tindices', int),
    a.type('Taxis', int),
    a.integer('batch_dims', 0),
  ];
  const sum = [a.type('T', float), a.type('Tindices', int), a.type('Tnumsegments', int)];
  return {
    gatherRows: (table, ids) => x.one('GatherV2', gather, table, ids, x.integer(0)),
    gatherRowsGradient: (dy, ids, rows) => x.one('UnsortedSegmentSum', sum, dy, ids, x.integer(rows)),
  };
}

/** Everything that BlockLSTMGradV2 wants back: w, and i, cs, f, o, ci, co, h in this order. */
interface Saved {
  w: Tensor;
  states: Tensor[];
}

function lstm(x: Executor, a: Attributes): Pick<SequenceOps, 'lstm' | 'lstmGradients' | 'lstmGates'> {
  const peephole = a.flag('use_peephole', false);
  // A clip of 0 or less means none.
  const forward = [a.float('cell_clip', 0), peephole, ...a.ofFloats];
  const backward = [peephole, ...a.ofFloats];
  const join = [...a.ofFloats, a.type('Tidx', x.binding.TF_INT32), a.integer('N', 2)];
  const slice = [...a.ofFloats, a.type('Index', x.binding.TF_INT32)];
  const inputs = (input: Tensor, w: Tensor, bias: Tensor): Tensor[] => {
    const [steps, batch] = input.shape as [number, number, number];
    const units = bias.shape[0]! / 4;
    const state = x.zeros([batch, units]);
    const unused = x.zeros([units]);
    return [x.long(steps), input, state, state, w, unused, unused, unused, bias];
  };
  return {
    lstm(input, { kernel, recurrentKernel, bias }: LstmWeights): LstmResult {
      const w = x.one('ConcatV2', join, kernel, recurrentKernel, x.integer(0));
      const states = x.many('BlockLSTMV2', forward, inputs(input, w, bias), 7);
      const saved: Saved = { w, states };
      return { output: states[6]!, saved };
    },
    lstmGradients(input, { kernel, recurrentKernel, bias }, { saved }, dy) {
      const { w, states } = saved as Saved;
      const noCellGradient = x.zeros(dy.shape);
      const all = [...inputs(input, w, bias), ...states, noCellGradient, dy];
      const grads = x.many('BlockLSTMGradV2', backward, all, 8);
      const dw = grads[3]!;
      const features = kernel.shape[0]!;
      const rows = (from: number, like: Tensor) =>
        x.one('Slice', slice, dw, x.shape(from, 0), x.shape(...like.shape));
      return {
        input: grads[0]!,
        kernel: rows(0, kernel),
        recurrentKernel: rows(features, recurrentKernel),
        bias: grads[7]!,
      };
    },
    lstmGates({ saved }) {
      const [input, , forget, output, , cellOutput] = (saved as Saved).states;
      return { input: input!, forget: forget!, output: output!, cellOutput: cellOutput! };
    },
  };
}

function shaping(
  x: Executor,
  a: Attributes,
): Pick<SequenceOps, 'reverseTime' | 'lastStep' | 'atLastStep' | 'joinFeatures' | 'splitFeatures'> {
  const int = x.binding.TF_INT32;
  const join = [...a.ofFloats, a.type('Tidx', int), a.integer('N', 2)];
  const slice = [...a.ofFloats, a.type('Index', int)];
  const reverse = [...a.ofFloats, a.type('Tidx', int)];
  const concat = (p: Tensor, q: Tensor, axis: number) => x.one('ConcatV2', join, p, q, x.integer(axis));
  const part = (p: Tensor, begin: number[], size: number[]) =>
    x.one('Slice', slice, p, x.shape(...begin), x.shape(...size));
  return {
    reverseTime: (p) => x.one('ReverseV2', reverse, p, x.shape(0)),
    lastStep(p) {
      const [steps, batch, features] = p.shape as [number, number, number];
      const last = part(p, [steps - 1, 0, 0], [1, batch, features]);
      return x.one('Reshape', a.reshape, last, x.shape(batch, features));
    },
    atLastStep(dy, steps) {
      const [batch, features] = dy.shape as [number, number];
      const last = x.one('Reshape', a.reshape, dy, x.shape(1, batch, features));
      return steps === 1 ? last : concat(x.zeros([steps - 1, batch, features]), last, 0);
    },
    joinFeatures: (p, q) => concat(p, q, p.shape.length - 1),
    splitFeatures(joined, first) {
      const lead = joined.shape.slice(0, -1);
      const zero = lead.map(() => 0);
      const rest = joined.shape.at(-1)! - first;
      return [part(joined, [...zero, 0], [...lead, first]), part(joined, [...zero, first], [...lead, rest])];
    },
  };
}
