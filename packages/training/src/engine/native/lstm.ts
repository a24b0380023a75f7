/**
 * LSTM over a whole sequence, one operation there and one back: on this project's own kernels, or on TensorFlow's
 * BlockLSTMV2. Sequences are time-major: [steps T, batch B, features F]; H units, gates i, f, c, o as in Keras.
 */
import type { LstmOps, LstmResult, LstmWeights, Tensor } from '../engine.ts';
import type { Attributes } from './attributes.ts';
import type { Executor } from './executor.ts';
import { ramp, same, works } from './probe.ts';

/** Both kinds leave i, cs, f, o, ci, co, h in this order, each [T, B, H]. */
interface Saved {
  states: readonly Tensor[];
}

const lstmGates: LstmOps['lstmGates'] = ({ saved }) => {
  const [input, , forget, output, , cellOutput] = (saved as Saved).states;
  return { input: input!, forget: forget!, output: output!, cellOutput: cellOutput! };
};

/** TensorFlow's; w = [kernel; recurrent kernel] of [F + H, 4H]. It adds no forget bias of its own. */
export function blockLstm(x: Executor, a: Attributes): LstmOps {
  const peephole = a.flag('use_peephole', false);
  // A clip of 0 or less means none.
  const forward = [a.float('cell_clip', 0), peephole, ...a.ofFloats];
  const backward = [peephole, ...a.ofFloats];
  const inputs = (input: Tensor, w: Tensor, bias: Tensor): Tensor[] => {
    const [steps, batch] = input.shape as [number, number, number];
    const units = bias.shape[0]! / 4;
    const state = x.zeros([batch, units]);
    const unused = x.zeros([units]);
    return [x.long(steps), input, state, state, w, unused, unused, unused, bias];
  };
  return {
    lstm(input, { kernel, recurrentKernel, bias }: LstmWeights): LstmResult {
      const w = x.one('ConcatV2', a.concat, kernel, recurrentKernel, x.integer(0));
      const states = x.many('BlockLSTMV2', forward, inputs(input, w, bias), 7);
      const saved: Saved & { w: Tensor } = { w, states };
      return { output: states[6]!, saved };
    },
    lstmGradients(input, { kernel, recurrentKernel, bias }, { saved }, dy) {
      const { w, states } = saved as Saved & { w: Tensor };
      const noCellGradient = x.zeros(dy.shape);
      const all = [...inputs(input, w, bias), ...states, noCellGradient, dy];
      const grads = x.many('BlockLSTMGradV2', backward, all, 8);
      const dw = grads[3]!;
      const features = kernel.shape[0]!;
      const rows = (from: number, like: Tensor) =>
        x.one('Slice', a.slice, dw, x.shape(from, 0), x.shape(...like.shape));
      return {
        input: grads[0]!,
        kernel: rows(0, kernel),
        recurrentKernel: rows(features, recurrentKernel),
        bias: grads[7]!,
      };
    },
    lstmGates,
  };
}

/** The operations of packages/training/kernels. */
export function ownLstm(x: Executor): LstmOps {
  return {
    lstm(input, { kernel, recurrentKernel, bias }): LstmResult {
      const states = x.many('OneginLstm', [], [input, kernel, recurrentKernel, bias], 7);
      const saved: Saved = { states };
      return { output: states[6]!, saved };
    },
    lstmGradients(input, { kernel, recurrentKernel }, { saved }, dy) {
      const inputs = [input, kernel, recurrentKernel, ...(saved as Saved).states, dy];
      const grads = x.many('OneginLstmGrad', [], inputs, 4);
      return { input: grads[0]!, kernel: grads[1]!, recurrentKernel: grads[2]!, bias: grads[3]! };
    },
    lstmGates,
  };
}

/** Whether the two kinds agree here, forward and back. */
export function lstmAgrees(x: Executor, own: LstmOps, block: LstmOps): boolean {
  const [steps, batch, features, units] = [5, 18, 6, 20];
  return works(() =>
    x.scope(() => {
      const input = ramp(x, [steps, batch, features], 97);
      const weights: LstmWeights = {
        kernel: ramp(x, [features, 4 * units], 89),
        recurrentKernel: ramp(x, [units, 4 * units], 83),
        bias: ramp(x, [4 * units], 7),
      };
      const dy = ramp(x, [steps, batch, units], 101);
      const [found, expected] = [own, block].map((ops) => {
        const result = ops.lstm(input, weights);
        const gradients = ops.lstmGradients(input, weights, result, dy);
        return [
          result.output,
          ...Object.values(ops.lstmGates(result)),
          ...Object.values(gradients),
        ] as Tensor[];
      });
      return found!.every((tensor, i) => same(x, expected![i]!, tensor, 1e-5));
    }),
  );
}
