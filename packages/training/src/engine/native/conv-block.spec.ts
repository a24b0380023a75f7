import { describe, expect, it } from '@jest/globals';
import { RandomStream } from '@onegin/contracts';
import { expectClose, ownKernels, withoutOwnKernels } from '../../testing/own-kernels.ts';
import type { ConvBlock, Engine } from '../engine.ts';
import { pickEngine } from '../pick-engine.ts';

const open = () => pickEngine({ device: 'cpu', engine: 'native' });

interface Shape {
  batch: number;
  side: number;
  channels: number;
  filters: number;
  kernelSize: number;
}

/** Output and all gradients of a block on drawn numbers, with whatever `change` makes of the images. */
function compute(
  engine: Engine,
  { batch, side, channels, filters, kernelSize }: Shape,
  block: ConvBlock,
  change: (images: Float32Array) => void = () => {},
): Float32Array[] {
  const stream = new RandomStream(3);
  const normal = (count: number) => Float32Array.from({ length: count }, () => stream.normal());
  return engine.scope(() => {
    const { ops } = engine;
    const images = normal(batch * side * side * channels);
    change(images);
    const x = ops.tensor(images, [batch, side, side, channels]);
    const kernel = ops.tensor(normal(kernelSize ** 2 * channels * filters), [
      kernelSize,
      kernelSize,
      channels,
      filters,
    ]);
    const bias = ops.tensor(normal(filters), [filters]);
    const result = ops.convBlock(x, kernel, bias, block);
    const { shape } = result.output;
    const dy = ops.tensor(normal(shape.reduce((a, b) => a * b, 1)), shape);
    const wanted = { input: true, bias: true };
    const {
      input,
      kernel: dKernel,
      bias: dBias,
    } = ops.convBlockGradients(x, kernel, result, dy, block, wanted);
    return [result.output, input!, dKernel, dBias!].map((tensor) => ops.values(tensor));
  });
}

const block: ConvBlock = { padding: 'same', poolSize: 2, relu: true };

describe('the convolution block on own kernels', () => {
  it.each([
    ['3 × 3 on many channels', { batch: 37, side: 14, channels: 32, filters: 64, kernelSize: 3 }],
    ['3 × 3 on few pixels', { batch: 11, side: 3, channels: 24, filters: 40, kernelSize: 3 }],
    ['3 × 3 on one channel', { batch: 20, side: 28, channels: 1, filters: 32, kernelSize: 3 }],
    ['5 × 5', { batch: 9, side: 9, channels: 17, filters: 10, kernelSize: 5 }],
  ])('%s: the number of threads changes not one bit', async (_name, shape) => {
    const engine = await open();
    const kernels = ownKernels();
    try {
      kernels.setThreads(1);
      const expected = compute(engine, shape, block);
      for (const threads of [2, 3, 7]) {
        kernels.setThreads(threads);
        expect(compute(engine, shape, block)).toEqual(expected);
      }
    } finally {
      kernels.setThreads(2);
    }
  });

  it.each([
    ['small images together in a chunk', { batch: 37, side: 4, channels: 48, filters: 33, kernelSize: 3 }],
    ['an image in several chunks', { batch: 3, side: 37, channels: 20, filters: 70, kernelSize: 3 }],
    ['many channels, few groups', { batch: 5, side: 6, channels: 260, filters: 520, kernelSize: 3 }],
    ['a kernel as large as they get', { batch: 2, side: 13, channels: 18, filters: 6, kernelSize: 11 }],
  ])('%s: agrees with TensorFlow’s', async (_name, shape) => {
    // Without pooling and ReLU, whose choices rounding may turn.
    const plain: ConvBlock = { padding: 'same', poolSize: 1, relu: false };
    expectClose(compute(await open(), shape, plain), compute(withoutOwnKernels(), shape, plain), 2e-5);
  });

  it.each([3, 5])(
    '%d × %d: hands on what is not a number, so that a diverged trial is noticed',
    async (kernelSize) => {
      const engine = await open();
      const shape = { batch: 2, side: 8, channels: 16, filters: 20, kernelSize };
      const [output] = compute(engine, shape, block, (images) => images.fill(NaN, 0, 16));
      const first = output!.subarray(0, 20);
      expect(first.every(Number.isNaN)).toBe(true);
      expect(output!.subarray(output!.length / 2).some(Number.isNaN)).toBe(false);
    },
  );

  it('names the sizes that do not fit', async () => {
    const { ops, scope } = await open();
    scope(() => {
      const x = ops.tensor(new Float32Array(2 * 4 * 4 * 3), [2, 4, 4, 3]);
      const kernel = ops.tensor(new Float32Array(9 * 2 * 5), [3, 3, 2, 5]);
      expect(() => ops.convBlock(x, kernel, undefined, block)).toThrow(
        /OneginConvBlock.*\[2, 4, 4, 3\] and \[3, 3, 2, 5\]/s,
      );
    });
  });

  it.each([0, 1025, '2'])('refuses %p threads', (count) =>
    expect(() => ownKernels().setThreads(count as number)).toThrow('expected a whole number from 1 to 1024'),
  );
});
