/** Pooling and batch normalization on TensorFlow's operations. Images are NHWC. */
import type { Normalization } from '../composed-blocks.ts';
import type { ImageOps, MaxPoolResult, NormBlockResult, Tensor } from '../engine.ts';
import type { Attributes } from './attributes.ts';
import type { Executor, NativeTensor } from './executor.ts';
import type { FastKernels } from './fast-kernels.ts';

export function imageOps(x: Executor, a: Attributes, fast: FastKernels): ImageOps & Normalization {
  return {
    ...pooling(x, a, fast),
    ...globalAverage(x, a),
    ...normalization(x, a),
  };
}

function pooling(
  x: Executor,
  a: Attributes,
  fast: FastKernels,
): Pick<ImageOps, 'maxPool' | 'maxPoolGradient'> {
  const withWorkspace = [...fast.attributes, a.flag('workspace_enabled', true)];
  const fastAttributes = (size: number) => [...a.pooling(size), ...withWorkspace];
  return {
    maxPool(input, size): MaxPoolResult {
      if (!fast.maxPool) return { output: x.one('MaxPool', a.pooling(size), input), saved: undefined };
      const [output, workspace] = x.many(fast.maxPool, fastAttributes(size), [input], 2);
      return { output: output!, saved: workspace };
    },
    maxPoolGradient(input, { output, saved }, dy, size) {
      if (!fast.maxPoolGradient) return x.one('MaxPoolGrad', a.pooling(size), input, output, dy);
      return x.one(fast.maxPoolGradient, fastAttributes(size), input, output, dy, saved as NativeTensor);
    },
  };
}

function globalAverage(
  x: Executor,
  a: Attributes,
): Pick<ImageOps, 'globalAverage' | 'globalAverageGradient'> {
  const broadcast = [a.type('T', x.binding.TF_FLOAT), a.type('Tidx', x.binding.TF_INT32)];
  return {
    globalAverage: (input) => x.one('Mean', a.reduce, input, x.shape(1, 2)),
    globalAverageGradient(inputShape, dy) {
      const [batch, height, width, channels] = inputShape as [number, number, number, number];
      const share = x.one('Mul', a.ofFloats, dy, x.number(1 / (height * width)));
      const pixel = x.one('Reshape', a.reshape, share, x.shape(batch, 1, 1, channels));
      return x.one('BroadcastTo', broadcast, pixel, x.shape(...inputShape));
    },
  };
}

/** Outputs of FusedBatchNormV3 that its gradient wants back. */
interface NormReserve {
  mean: Tensor;
  variance: Tensor;
  extra: Tensor;
}

function normalization(x: Executor, a: Attributes): Normalization & Pick<ImageOps, 'batchNormWith'> {
  const attributes = (epsilon: number, training: boolean) => [
    ...a.ofImages,
    a.type('U', x.binding.TF_FLOAT),
    a.float('epsilon', epsilon),
    a.flag('is_training', training),
  ];
  const forward = (epsilon: number, training: boolean, ...inputs: Tensor[]) =>
    x.many('FusedBatchNormV3', attributes(epsilon, training), inputs, 6);
  return {
    batchNorm(input, gamma, beta, epsilon): NormBlockResult {
      const none = x.zeros([0]);
      const results = forward(epsilon, true, input, gamma, beta, none, none);
      const [output, batchMean, sampleVariance, mean, variance, extra] = results;
      const n = input.shape.slice(0, -1).reduce((p, q) => p * q, 1);
      // TensorFlow hands out the variance divided by n − 1; Keras averages the one divided by n.
      const batchVariance = x.one('Mul', a.ofFloats, sampleVariance!, x.number((n - 1) / n));
      const saved: NormReserve = { mean: mean!, variance: variance!, extra: extra! };
      return { output: output!, batchMean: batchMean!, batchVariance, saved };
    },
    batchNormGradients(input, gamma, result, dy, epsilon) {
      const { mean, variance, extra } = result.saved as NormReserve;
      const inputs = [dy, input, gamma, mean, variance, extra];
      const grads = x.many('FusedBatchNormGradV3', attributes(epsilon, true), inputs, 5);
      return { input: grads[0]!, gamma: grads[1]!, beta: grads[2]! };
    },
    batchNormWith: (input, gamma, beta, mean, variance, epsilon) =>
      forward(epsilon, false, input, gamma, beta, mean, variance)[0]!,
  };
}
