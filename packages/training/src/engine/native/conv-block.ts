/** The convolution block on this project's own kernels, or on TensorFlow's operations one after the other. */
import { composedConvBlock, type Convolution } from '../composed-conv-block.ts';
import type { ConvBlock, ConvBlockResult, Padding, Tensor, TensorOps } from '../engine.ts';
import type { Attributes } from './attributes.ts';
import type { OpAttribute } from './binding.ts';
import type { Executor, NativeTensor } from './executor.ts';
import type { FastKernels } from './fast-kernels.ts';
import { same, ramp, works } from './probe.ts';

export type ConvBlockOps = Pick<TensorOps, 'convBlock' | 'convBlockGradients'>;
type Parts = Omit<Parameters<typeof composedConvBlock>[0], keyof Convolution>;

/** TensorFlow's operations, with oneDNN's where they work. */
export function stepwiseConvBlock(x: Executor, a: Attributes, fast: FastKernels, parts: Parts): ConvBlockOps {
  return composedConvBlock({ ...parts, ...convolution(x, a, fast) });
}

function convolution(x: Executor, a: Attributes, fast: FastKernels): Convolution {
  const attributes = (padding: Padding) => [
    ...a.ofImages,
    a.integers('strides', [1, 1, 1, 1]),
    a.text('padding', padding.toUpperCase()),
    a.integers('dilations', [1, 1, 1, 1]),
  ];
  const by = { same: attributes('same'), valid: attributes('valid') };
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

/** The operations of packages/training/kernels. Two thirds of a step of a small CNN are these two calls. */
export function fusedConvBlock(x: Executor, a: Attributes): ConvBlockOps {
  // Attributes made anew in every step would cost as much as a small operation.
  const made = new Map<string, OpAttribute[]>();
  const attributesOf = (kernel: Tensor, { padding, poolSize, relu }: ConvBlock, input?: boolean) => {
    const size = kernel.shape[0]!;
    const key = `${size} ${padding} ${poolSize} ${relu} ${input}`;
    let attributes = made.get(key);
    if (!attributes) {
      attributes = [
        a.integer('before', padding === 'same' ? (size - 1) >> 1 : 0),
        a.integer('after', padding === 'same' ? size >> 1 : 0),
        a.integer('pool', poolSize),
        a.flag('relu', relu),
        ...(input === undefined ? [] : [a.flag('input_gradient', input)]),
      ];
      made.set(key, attributes);
    }
    return attributes;
  };
  return {
    convBlock(input, kernel, bias, block): ConvBlockResult {
      const inputs = [input, kernel, bias ?? x.zeros([0])];
      const [output, chosen] = x.many('OneginConvBlock', attributesOf(kernel, block), inputs, 2);
      return { output: output!, saved: chosen };
    },
    convBlockGradients(input, kernel, { saved }, dy, block, wanted) {
      const inputs = [input, kernel, dy, saved as NativeTensor];
      const attributes = attributesOf(kernel, block, wanted.input);
      const [dx, dKernel, dBias] = x.many('OneginConvBlockGrad', attributes, inputs, 3);
      return {
        kernel: dKernel!,
        ...(wanted.input && { input: dx! }),
        ...(wanted.bias && { bias: dBias! }),
      };
    },
  };
}

/** Whether the fused block agrees with TensorFlow's operations here, forward and back. */
export function fusedAgrees(x: Executor, fused: ConvBlockOps, stepwise: ConvBlockOps): boolean {
  const block: ConvBlock = { padding: 'same', poolSize: 2, relu: true };
  // A 3 × 3 kernel on many channels and a 5 × 5 one take different ways; odd sides leave a row over.
  const agrees = (kernelSize: number, channels: number) =>
    x.scope(() => {
      const input = ramp(x, [3, 9, 7, channels], 97);
      const kernel = ramp(x, [kernelSize, kernelSize, channels, 20], 89);
      const bias = ramp(x, [20], 7);
      const dy = ramp(x, [3, 4, 3, 20], 101);
      const [found, expected] = [fused, stepwise].map((ops) => {
        const result = ops.convBlock(input, kernel, bias, block);
        const wanted = { input: true, bias: true };
        const gradients = ops.convBlockGradients(input, kernel, result, dy, block, wanted);
        return [result.output, gradients.input!, gradients.kernel, gradients.bias!];
      });
      return found!.every((tensor, i) => same(x, expected![i]!, tensor, 1e-5));
    });
  return works(() => agrees(3, 16) && agrees(5, 3));
}
