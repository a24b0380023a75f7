/**
 * Convolution, pooling and batch normalization. Images are NHWC.
 *
 * tfjs has no Conv2DBackpropFilter on WebAssembly, a naive Conv2DBackpropInput, and a MaxPoolGrad that
 * loses the gradient of every window whose maximum is not positive; all three are computed here in other ways.
 */
import type { Convolution, Normalization } from '../composed-blocks.ts';
import type { ImageOps, MaxPoolResult, Padding, Tensor } from '../engine.ts';
import { matMul } from './basic-ops.ts';
import { own, tensor, tf, view } from './backend.ts';

type Shape4 = [number, number, number, number];

export const convolution: Convolution = {
  conv2d(x, kernel, bias, padding) {
    const [image, filter] = [own(x) as tf.Tensor4D, own(kernel) as tf.Tensor4D];
    if (!bias) return tf.conv2d(image, filter, 1, padding);
    return tf.fused.conv2d({ x: image, filter, strides: 1, pad: padding, bias: own(bias) });
  },
  conv2dGradients(x, kernel, dy, padding, wanted) {
    const filters = kernelGradient(x, kernel.shape as Shape4, dy, padding);
    return wanted.input
      ? { kernel: filters, input: inputGradient(kernel, dy, padding) }
      : { kernel: filters };
  },
};

export const imageOps: ImageOps = {
  maxPool: (x, size): MaxPoolResult => ({
    output: tf.maxPool(own(x) as tf.Tensor4D, size, size, 'valid'),
    saved: undefined,
  }),
  maxPoolGradient,
  globalAverage(x) {
    const [batch, height, width, channels] = x.shape as Shape4;
    const values = view(x);
    const result = new Float32Array(batch * channels);
    const area = height * width * channels;
    for (let b = 0; b < batch; b++)
      for (let i = 0; i < area; i += channels)
        for (let c = 0; c < channels; c++) result[b * channels + c]! += values[b * area + i + c]!;
    for (let i = 0; i < result.length; i++) result[i]! /= height * width;
    return tensor(result, [batch, channels]);
  },
  globalAverageGradient(inputShape, dy) {
    const [batch, height, width, channels] = inputShape as Shape4;
    const values = view(dy);
    const result = new Float32Array(batch * height * width * channels);
    const pixels = height * width;
    for (let i = 0; i < result.length; i++) {
      const b = Math.floor(i / (pixels * channels));
      result[i] = values[b * channels + (i % channels)]! / pixels;
    }
    return tensor(result, inputShape);
  },
  batchNormWith(x, gamma, beta, mean, variance, epsilon) {
    return normalized(x, gamma, beta, view(mean), view(variance), epsilon);
  },
};

/** Rows and columns of zeros before and after, as TensorFlow pads for stride 1. */
const before = (size: number, padding: Padding): number => (padding === 'same' ? (size - 1) >> 1 : 0);
const after = (size: number, padding: Padding): number => (padding === 'same' ? size >> 1 : 0);

/**
 * dK[i, j, in, out] = Σ over samples and positions of x shifted by (i, j), times dy: the matrix product of the
 * patches, [kernel area · in, batch · positions], with dy, [batch · positions, out]. (The transposed product is five
 * times slower: its large side would have to be packed.)
 */
function kernelGradient(x: Tensor, [kh, kw, cin, cout]: Shape4, dy: Tensor, padding: Padding): Tensor {
  const [batch, height, width] = x.shape as Shape4;
  const [, outHeight, outWidth] = dy.shape as Shape4;
  const positions = batch * outHeight * outWidth;
  const rows = kh * kw * cin;
  const values = view(x);
  // Transposed patches, so that the product needs no transpose: patches[(i, j, in)][(b, y, x)].
  const patches = new Float32Array(rows * positions);
  const [top, left] = [before(kh, padding), before(kw, padding)];
  for (let i = 0; i < kh; i++)
    for (let j = 0; j < kw; j++)
      for (let b = 0; b < batch; b++)
        for (let y = 0; y < outHeight; y++) {
          const sy = y + i - top;
          if (sy < 0 || sy >= height) continue;
          const from = Math.max(0, left - j);
          const to = Math.min(outWidth, width + left - j);
          const source = ((b * height + sy) * width + j - left) * cin;
          const target = (i * kw + j) * cin * positions + (b * outHeight + y) * outWidth;
          for (let c = 0; c < cin; c++) {
            const row = target + c * positions;
            for (let column = from; column < to; column++)
              patches[row + column] = values[source + column * cin + c]!;
          }
        }
  const product = matMul(tensor(patches, [rows, positions]), tf.reshape(own(dy), [positions, cout]));
  return tf.reshape(own(product), [kh, kw, cin, cout]);
}

/** dx is dy convolved with the kernel turned by 180°, in and out exchanged. */
function inputGradient(kernel: Tensor, dy: Tensor, padding: Padding): Tensor {
  const [kh, kw, cin, cout] = kernel.shape as Shape4;
  const values = view(kernel);
  const turned = new Float32Array(values.length);
  for (let i = 0; i < kh; i++)
    for (let j = 0; j < kw; j++)
      for (let c = 0; c < cin; c++)
        for (let o = 0; o < cout; o++)
          turned[(((kh - 1 - i) * kw + kw - 1 - j) * cout + o) * cin + c] =
            values[((i * kw + j) * cin + c) * cout + o]!;
  const filter = tensor(turned, [kh, kw, cout, cin]) as tf.Tensor4D;
  const padded = tf.pad(own(dy) as tf.Tensor4D, [
    [0, 0],
    [kh - 1 - before(kh, padding), kh - 1 - after(kh, padding)],
    [kw - 1 - before(kw, padding), kw - 1 - after(kw, padding)],
    [0, 0],
  ]);
  return tf.conv2d(padded, filter, 1, 'valid');
}

/** The gradient goes to the first largest value of each window, as in TensorFlow. */
function maxPoolGradient(x: Tensor, { output }: MaxPoolResult, dy: Tensor, size: number): Tensor {
  const [batch, height, width, channels] = x.shape as Shape4;
  const [, outHeight, outWidth] = output.shape as Shape4;
  const [values, best, d] = [view(x), view(output), view(dy)];
  const result = new Float32Array(values.length);
  const given = new Uint8Array(channels);
  let o = 0;
  for (let b = 0; b < batch; b++)
    for (let y = 0; y < outHeight; y++)
      for (let column = 0; column < outWidth; column++, o += channels) {
        given.fill(0);
        const corner = ((b * height + y * size) * width + column * size) * channels;
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) {
            const at = corner + (i * width + j) * channels;
            for (let c = 0; c < channels; c++)
              if (values[at + c] === best[o + c] && given[c] === 0) {
                result[at + c] = d[o + c]!;
                given[c] = 1;
              }
          }
      }
  return tensor(result, x.shape);
}

/** γ (x − mean) / √(variance + ε) + β, per channel. */
function normalized(
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
  mean: ArrayLike<number>,
  variance: ArrayLike<number>,
  epsilon: number,
): Tensor {
  const values = view(x);
  const factor = view(gamma).map((scale, c) => scale / Math.sqrt(variance[c]! + epsilon));
  const shift = view(beta).map((offset, c) => offset - mean[c]! * factor[c]!);
  const channels = factor.length;
  const result = new Float32Array(values.length);
  for (let i = 0; i < values.length; i += channels)
    for (let c = 0; c < channels; c++) result[i + c] = values[i + c]! * factor[c]! + shift[c]!;
  return tensor(result, x.shape);
}

export const normalization: Normalization = {
  batchNorm(x, gamma, beta, epsilon) {
    const channels = gamma.shape[0]!;
    const values = view(x);
    const n = values.length / channels;
    const mean = new Float64Array(channels);
    const variance = new Float64Array(channels);
    for (let i = 0; i < values.length; i += channels)
      for (let c = 0; c < channels; c++) mean[c]! += values[i + c]! / n;
    for (let i = 0; i < values.length; i += channels)
      for (let c = 0; c < channels; c++) variance[c]! += (values[i + c]! - mean[c]!) ** 2 / n;
    return {
      output: normalized(x, gamma, beta, mean, variance, epsilon),
      batchMean: tensor(Float32Array.from(mean), [channels]),
      batchVariance: tensor(Float32Array.from(variance), [channels]),
      saved: undefined,
    };
  },
  /** With x̂ = (x − μ)/σ: dγ = Σ dy x̂, dβ = Σ dy, dx = γ/σ · (dy − (dβ + x̂ dγ)/n) (Ioffe & Szegedy 2015). */
  batchNormGradients(x, gamma, { batchMean, batchVariance }, dy, epsilon) {
    const channels = gamma.shape[0]!;
    const [values, d, g] = [view(x), view(dy), view(gamma)];
    const mean = view(batchMean);
    const inverse = view(batchVariance).map((variance) => 1 / Math.sqrt(variance + epsilon));
    const n = values.length / channels;
    const dGamma = new Float64Array(channels);
    const dBeta = new Float64Array(channels);
    for (let i = 0; i < values.length; i += channels)
      for (let c = 0; c < channels; c++) {
        dBeta[c]! += d[i + c]!;
        dGamma[c]! += d[i + c]! * (values[i + c]! - mean[c]!) * inverse[c]!;
      }
    const input = new Float32Array(values.length);
    for (let i = 0; i < values.length; i += channels)
      for (let c = 0; c < channels; c++) {
        const normalized = (values[i + c]! - mean[c]!) * inverse[c]!;
        input[i + c] = g[c]! * inverse[c]! * (d[i + c]! - (dBeta[c]! + normalized * dGamma[c]!) / n);
      }
    return {
      input: tensor(input, x.shape),
      gamma: tensor(Float32Array.from(dGamma), [channels]),
      beta: tensor(Float32Array.from(dBeta), [channels]),
    };
  },
};
