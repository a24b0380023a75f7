/** Blocks of convolution and of batch normalization on this project's own kernels (packages/training/kernels). */
import type { BlockEnd, BlockOps, ConvBlock, ConvBlockResult, NormBlockResult, Tensor } from '../engine.ts';
import type { Attributes } from './attributes.ts';
import type { OpAttribute } from './binding.ts';
import type { Executor, NativeTensor } from './executor.ts';
import { ramp, same, works } from './probe.ts';

export const ownBlocks = (x: Executor, a: Attributes): BlockOps => ({
  ...convBlock(x, a),
  ...normBlock(x, a),
});

/** Made once for each set: made in every step they would cost as much as a small operation. */
function keeping<Of extends unknown[]>(make: (...of: Of) => OpAttribute[]) {
  const made = new Map<string, OpAttribute[]>();
  return (...of: Of): OpAttribute[] => {
    const key = JSON.stringify(of);
    let attributes = made.get(key);
    if (!attributes) made.set(key, (attributes = make(...of)));
    return attributes;
  };
}

const endAttributes = (a: Attributes, { poolSize, relu }: BlockEnd): OpAttribute[] => [
  a.integer('pool', poolSize),
  a.flag('relu', relu),
];

function convBlock(x: Executor, a: Attributes): Pick<BlockOps, 'convBlock' | 'convBlockGradients'> {
  const attributesOf = keeping((size: number, block: ConvBlock, input?: boolean) => [
    a.integer('before', block.padding === 'same' ? (size - 1) >> 1 : 0),
    a.integer('after', block.padding === 'same' ? size >> 1 : 0),
    ...endAttributes(a, block),
    ...(input === undefined ? [] : [a.flag('input_gradient', input)]),
  ]);
  return {
    convBlock(input, kernel, bias, block): ConvBlockResult {
      const inputs = [input, kernel, bias ?? x.zeros([0])];
      const [output, chosen] = x.many('OneginConvBlock', attributesOf(kernel.shape[0]!, block), inputs, 2);
      return { output: output!, saved: chosen };
    },
    convBlockGradients(input, kernel, { saved }, dy, block, wanted) {
      const inputs = [input, kernel, dy, saved as NativeTensor];
      const attributes = attributesOf(kernel.shape[0]!, block, wanted.input);
      const [dx, dKernel, dBias] = x.many('OneginConvBlockGrad', attributes, inputs, 3);
      return {
        kernel: dKernel!,
        ...(wanted.input && { input: dx! }),
        ...(wanted.bias && { bias: dBias! }),
      };
    },
  };
}

function normBlock(x: Executor, a: Attributes): Pick<BlockOps, 'normBlock' | 'normBlockGradients'> {
  const attributesOf = keeping((epsilon: number, end: BlockEnd) => [
    a.float('epsilon', epsilon),
    ...endAttributes(a, end),
  ]);
  return {
    normBlock(input, gamma, beta, epsilon, end): NormBlockResult {
      const attributes = attributesOf(epsilon, end);
      const results = x.many('OneginNormBlock', attributes, [input, gamma, beta], 4);
      const [output, chosen, batchMean, batchVariance] = results;
      return { output: output!, batchMean: batchMean!, batchVariance: batchVariance!, saved: chosen };
    },
    normBlockGradients(input, gamma, { batchMean, batchVariance, saved }, dy, epsilon, end) {
      const inputs = [input, gamma, batchMean, batchVariance, dy, saved as NativeTensor];
      const [dx, dGamma, dBeta] = x.many('OneginNormBlockGrad', attributesOf(epsilon, end), inputs, 3);
      return { input: dx!, gamma: dGamma!, beta: dBeta! };
    },
  };
}

/** Whether blocks on own kernels agree with those of TensorFlow's operations here, forward and back. */
export function blocksAgree(x: Executor, own: BlockOps, composed: BlockOps): boolean {
  // A 3 × 3 kernel on many channels and a 5 × 5 one take different ways.
  return works(
    () =>
      convBlocksAgree(x, own, composed, 3, 16) &&
      convBlocksAgree(x, own, composed, 5, 3) &&
      normBlocksAgree(x, own, composed),
  );
}

/** Odd sides leave a row and a column over. */
const END: BlockEnd = { poolSize: 2, relu: true };

const allSame = (x: Executor, found: readonly Tensor[], expected: readonly Tensor[]): boolean =>
  found.every((tensor, i) => same(x, expected[i]!, tensor, 1e-5));

function convBlocksAgree(
  x: Executor,
  own: BlockOps,
  composed: BlockOps,
  kernelSize: number,
  channels: number,
): boolean {
  return x.scope(() => {
    const block: ConvBlock = { ...END, padding: 'same' };
    const input = ramp(x, [3, 9, 7, channels], 97);
    const kernel = ramp(x, [kernelSize, kernelSize, channels, 20], 89);
    const bias = ramp(x, [20], 7);
    const dy = ramp(x, [3, 4, 3, 20], 101);
    const all = (ops: BlockOps): Tensor[] => {
      const result = ops.convBlock(input, kernel, bias, block);
      const wanted = { input: true, bias: true };
      const gradients = ops.convBlockGradients(input, kernel, result, dy, block, wanted);
      return [result.output, gradients.input!, gradients.kernel, gradients.bias!];
    };
    return allSame(x, all(own), all(composed));
  });
}

function normBlocksAgree(x: Executor, own: BlockOps, composed: BlockOps): boolean {
  return x.scope(() => {
    const input = ramp(x, [3, 7, 5, 18], 97);
    const [gamma, beta] = [ramp(x, [18], 11), ramp(x, [18], 7)];
    const dy = ramp(x, [3, 3, 2, 18], 101);
    const all = (ops: BlockOps): Tensor[] => {
      const result = ops.normBlock(input, gamma, beta, 1e-3, END);
      const gradients = ops.normBlockGradients(input, gamma, result, dy, 1e-3, END);
      const { output, batchMean, batchVariance } = result;
      return [output, batchMean, batchVariance, gradients.input, gradients.gamma, gradients.beta];
    };
    return allSame(x, all(own), all(composed));
  });
}
