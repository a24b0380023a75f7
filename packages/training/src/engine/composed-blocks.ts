/** Blocks of engines that have their parts and not the whole: one operation after the other. */
import type {
  BasicOps,
  BlockEnd,
  BlockOps,
  ConvBlockResult,
  ConvGradients,
  ImageOps,
  MaxPoolResult,
  NormBlockResult,
  NormGradients,
  Padding,
  Tensor,
} from './engine.ts';

/** A convolution of stride 1 and its gradients. */
export interface Convolution {
  conv2d(x: Tensor, kernel: Tensor, bias: Tensor | undefined, padding: Padding): Tensor;
  conv2dGradients(
    x: Tensor,
    kernel: Tensor,
    dy: Tensor,
    padding: Padding,
    wanted: { input: boolean },
  ): ConvGradients;
}

/** Batch normalization of each channel over the batch and its positions, and its gradients. */
export interface Normalization {
  batchNorm(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): NormBlockResult;
  batchNormGradients(
    x: Tensor,
    gamma: Tensor,
    result: NormBlockResult,
    dy: Tensor,
    epsilon: number,
  ): NormGradients;
}

type EndOps = BasicOps & ImageOps;

/** What an end leaves for the way back. */
export interface EndResult {
  before: Tensor;
  pooled: MaxPoolResult | undefined;
  output: Tensor;
}

export function endBlock(ops: EndOps, before: Tensor, { poolSize, relu }: BlockEnd): EndResult {
  const pooled = poolSize > 1 ? ops.maxPool(before, poolSize) : undefined;
  const linear = pooled?.output ?? before;
  return { before, pooled, output: relu ? ops.activation('relu', linear) : linear };
}

/** The gradient of what the end was given; `pooled` that before pooling handed it on, whose sums are the same. */
export function endBlockGradient(
  ops: EndOps,
  { before, pooled, output }: EndResult,
  dy: Tensor,
  { poolSize, relu }: BlockEnd,
): { before: Tensor; pooled: Tensor } {
  const linear = relu ? ops.activationGradient('relu', dy, output) : dy;
  return { before: pooled ? ops.maxPoolGradient(before, pooled, linear, poolSize) : linear, pooled: linear };
}

export function composedBlocks(parts: Convolution & Normalization & EndOps): BlockOps {
  return {
    convBlock(x, kernel, bias, block): ConvBlockResult {
      const end = endBlock(parts, parts.conv2d(x, kernel, bias, block.padding), block);
      return { output: end.output, saved: end };
    },
    convBlockGradients(x, kernel, { saved }, dy, block, wanted) {
      const { before, pooled } = endBlockGradient(parts, saved as EndResult, dy, block);
      const gradients = parts.conv2dGradients(x, kernel, before, block.padding, { input: wanted.input });
      // Taken where the fewest values have to be read.
      return wanted.bias ? { ...gradients, bias: parts.biasGradient(pooled) } : gradients;
    },
    normBlock(x, gamma, beta, epsilon, block): NormBlockResult {
      const normalized = parts.batchNorm(x, gamma, beta, epsilon);
      const end = endBlock(parts, normalized.output, block);
      return { ...normalized, output: end.output, saved: { normalized, end } satisfies SavedNorm };
    },
    normBlockGradients(x, gamma, { saved }, dy, epsilon, block) {
      const { normalized, end } = saved as SavedNorm;
      const { before } = endBlockGradient(parts, end, dy, block);
      return parts.batchNormGradients(x, gamma, normalized, before, epsilon);
    },
  };
}

interface SavedNorm {
  normalized: NormBlockResult;
  end: EndResult;
}
