import { describe, expect, it } from '@jest/globals';
import { RandomStream } from '@onegin/contracts';
import { expectClose, ownKernels, withoutOwnKernels } from '../../testing/own-kernels.ts';
import type { BlockEnd, ConvBlock, Engine } from '../engine.ts';
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

interface NormShape {
  batch: number;
  side: number;
  channels: number;
}

const EPSILON = 1e-3;

interface NormCase {
  images: Float32Array;
  gamma: Float32Array;
  beta: Float32Array;
  dy: Float32Array;
}

/** Numbers up to a hundred deviations from 0: a mean in float32 then still leaves five digits of what it is taken from. */
function drawNorm({ batch, side, channels }: NormShape, { poolSize }: BlockEnd): NormCase {
  const stream = new RandomStream(7);
  const normal = (count: number) => Float32Array.from({ length: count }, () => stream.normal());
  const pooled = Math.floor(side / poolSize);
  return {
    images: normal(batch * side * side * channels).map((value, i) => value + 3 * (i % channels)),
    gamma: normal(channels),
    beta: normal(channels),
    dy: normal(batch * pooled * pooled * channels),
  };
}

/** Output, statistics and gradients of input, gamma and beta. */
function normalize(
  engine: Engine,
  { batch, side, channels }: NormShape,
  end: BlockEnd,
  { images, gamma, beta, dy }: NormCase,
): Float32Array[] {
  return engine.scope(() => {
    const { ops } = engine;
    const pooled = Math.floor(side / end.poolSize);
    const x = ops.tensor(images.slice(), [batch, side, side, channels]);
    const g = ops.tensor(gamma.slice(), [channels]);
    const result = ops.normBlock(x, g, ops.tensor(beta.slice(), [channels]), EPSILON, end);
    const d = ops.tensor(dy.slice(), [batch, pooled, pooled, channels]);
    const gradients = ops.normBlockGradients(x, g, result, d, EPSILON, end);
    const { output, batchMean, batchVariance } = result;
    return [output, batchMean, batchVariance, gradients.input, gradients.gamma, gradients.beta].map(
      (tensor) => ops.values(tensor),
    );
  });
}

/** The same by the formulas in double precision, without pooling and ReLU. */
function byFormulas({ channels }: NormShape, { images, gamma, beta, dy }: NormCase): Float32Array[] {
  const n = images.length / channels;
  const sums = (value: (i: number) => number) => {
    const result = new Float64Array(channels);
    for (let i = 0; i < images.length; i++) result[i % channels]! += value(i);
    return result;
  };
  const mean = sums((i) => images[i]!).map((sum) => sum / n);
  const variance = sums((i) => (images[i]! - mean[i % channels]!) ** 2).map((sum) => sum / n);
  const slope = variance.map((value) => 1 / Math.sqrt(value + EPSILON));
  const normal = Float64Array.from(
    images,
    (value, i) => (value - mean[i % channels]!) * slope[i % channels]!,
  );
  const dBeta = sums((i) => dy[i]!);
  const dGamma = sums((i) => dy[i]! * normal[i]!);
  const dx = Float64Array.from(dy, (value, i) => {
    const c = i % channels;
    return gamma[c]! * slope[c]! * (value - (dBeta[c]! + normal[i]! * dGamma[c]!) / n);
  });
  const y = normal.map((value, i) => gamma[i % channels]! * value + beta[i % channels]!);
  return [y, mean, variance, dx, dGamma, dBeta].map((values) => Float32Array.from(values));
}

describe('the normalization block on own kernels', () => {
  it('computes the same bits with any number of threads', async () => {
    const engine = await open();
    const kernels = ownKernels();
    const shape = { batch: 37, side: 9, channels: 20 };
    try {
      kernels.setThreads(1);
      const drawn = drawNorm(shape, block);
      const expected = normalize(engine, shape, block, drawn);
      for (const threads of [2, 3, 7]) {
        kernels.setThreads(threads);
        expect(normalize(engine, shape, block, drawn)).toEqual(expected);
      }
    } finally {
      kernels.setThreads(2);
    }
  });

  it.each([
    ['many images', { batch: 130, side: 7, channels: 33 }],
    ['one image', { batch: 1, side: 19, channels: 3 }],
    ['one pixel', { batch: 12, side: 1, channels: 48 }],
  ])('%s: agrees with the formulas in double precision', async (_name, shape) => {
    const plain: BlockEnd = { poolSize: 1, relu: false };
    const drawn = drawNorm(shape, plain);
    expectClose(normalize(await open(), shape, plain, drawn), byFormulas(shape, drawn), 2e-5);
  });

  it('hands on what is not a number, in its channel alone', async () => {
    const shape = { batch: 2, side: 4, channels: 18 };
    const drawn = drawNorm(shape, block);
    drawn.images[17] = NaN;
    const [output] = normalize(await open(), shape, block, drawn);
    output!.forEach((value, i) => expect(Number.isNaN(value)).toBe(i % 18 === 17));
  });
});
