import { describe, expect, it } from '@jest/globals';
import { RandomStream } from '@onegin/contracts';
import type { Engine } from '../engine.ts';
import { expectClose, ownKernels, withoutOwnKernels } from '../../testing/own-kernels.ts';
import { pickEngine } from '../pick-engine.ts';

interface Shape {
  steps: number;
  batch: number;
  features: number;
  units: number;
}

/** Output, gates and gradients on drawn numbers; inputs and recurrent weights are scaled. */
function compute(engine: Engine, { steps, batch, features, units }: Shape, scale = 1): Float32Array[] {
  const stream = new RandomStream(5);
  const normal = (count: number, by = 1) => Float32Array.from({ length: count }, () => by * stream.normal());
  return engine.scope(() => {
    const { ops } = engine;
    const x = ops.tensor(normal(steps * batch * features, scale), [steps, batch, features]);
    const weights = {
      kernel: ops.tensor(normal(features * 4 * units, 0.3), [features, 4 * units]),
      recurrentKernel: ops.tensor(normal(units * 4 * units, 0.1 * scale), [units, 4 * units]),
      bias: ops.tensor(normal(4 * units), [4 * units]),
    };
    const result = ops.lstm(x, weights);
    const dy = ops.tensor(normal(steps * batch * units), [steps, batch, units]);
    const gradients = ops.lstmGradients(x, weights, result, dy);
    return [result.output, ...Object.values(ops.lstmGates(result)), ...Object.values(gradients)].map(
      (tensor) => ops.values(tensor),
    );
  });
}

const open = () => pickEngine({ device: 'cpu', engine: 'native' });

describe('the LSTM on own kernels', () => {
  it.each([
    ['a batch of many groups', { steps: 20, batch: 70, features: 9, units: 20 }],
    ['one row', { steps: 37, batch: 1, features: 3, units: 5 }],
  ])('%s: the number of threads changes not one bit', async (_name, shape) => {
    const engine = await open();
    const kernels = ownKernels();
    try {
      kernels.setThreads(1);
      const expected = compute(engine, shape);
      for (const threads of [2, 3, 7]) {
        kernels.setThreads(threads);
        expect(compute(engine, shape)).toEqual(expected);
      }
    } finally {
      kernels.setThreads(2);
    }
  });

  it.each([
    ['more steps than are gathered at once', { steps: 37, batch: 33, features: 12, units: 24 }],
    ['two vectors of units and a rest', { steps: 16, batch: 17, features: 1, units: 35 }],
    ['one step', { steps: 1, batch: 260, features: 8, units: 3 }],
  ])('%s: agrees with TensorFlow’s', async (_name, shape) =>
    expectClose(compute(await open(), shape), compute(withoutOwnKernels(), shape), 2e-5),
  );

  it('stays finite, and its gates within their bounds, where everything saturates', async () => {
    const [output, ...rest] = compute(await open(), { steps: 9, batch: 4, features: 6, units: 18 }, 1e4);
    expect(output!.every((value) => Math.abs(value) <= 1)).toBe(true);
    const gates = rest.slice(0, 3);
    expect(gates.every((gate) => gate.every((value) => value >= 0 && value <= 1))).toBe(true);
    expect(rest.every((values) => values.every(Number.isFinite))).toBe(true);
  });

  it('hands on what is not a number', async () => {
    const output = compute(await open(), { steps: 3, batch: 2, features: 4, units: 6 }, NaN)[0]!;
    expect(output.every(Number.isNaN)).toBe(true);
  });

  it('names the sizes that do not fit', async () => {
    const { ops, scope } = await open();
    scope(() => {
      const x = ops.tensor(new Float32Array(2 * 3 * 4), [2, 3, 4]);
      const weights = {
        kernel: ops.tensor(new Float32Array(5 * 8), [5, 8]),
        recurrentKernel: ops.tensor(new Float32Array(2 * 8), [2, 8]),
        bias: ops.tensor(new Float32Array(8), [8]),
      };
      expect(() => ops.lstm(x, weights)).toThrow(/OneginLstm.*\[2, 3, 4\], \[5, 8\] and \[2, 8\]/s);
    });
  });
});
