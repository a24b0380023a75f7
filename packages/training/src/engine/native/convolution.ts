/** Convolution on TensorFlow's operations, with oneDNN's where they work. Images are NHWC. */
import type { Convolution } from '../composed-blocks.ts';
import type { Attributes } from './attributes.ts';
import type { Executor } from './executor.ts';
import type { FastKernels } from './fast-kernels.ts';

export function convolution(x: Executor, a: Attributes, fast: FastKernels): Convolution {
  const by = { same: a.convolution('same'), valid: a.convolution('valid') };
  return {
    conv2d(input, kernel, bias, padding) {
      if (bias && fast.convWithBias)
        return x.one(fast.convWithBias, [...by[padding], ...fast.attributes], input, kernel, bias);
      const output = x.one('Conv2D', by[padding], input, kernel);
      return bias ? x.one('BiasAdd', a.ofImages, output, bias) : output;
    },
    conv2dGradients(input, kernel, dy, padding, wanted) {
      const filters = x.one('Conv2DBackpropFilter', by[padding], input, x.shape(...kernel.shape), dy);
      if (!wanted.input) return { kernel: filters };
      const sizes = x.shape(...input.shape);
      return { kernel: filters, input: x.one('Conv2DBackpropInput', by[padding], sizes, kernel, dy) };
    },
  };
}
