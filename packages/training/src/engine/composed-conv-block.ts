/** The convolution block of engines that have its parts and not the whole: one operation after the other. */
import type { ConvBlockResult, MaxPoolResult, Padding, Tensor, TensorOps } from './engine.ts';

/** What an engine brings: a convolution of stride 1 and its gradients. */
export interface Convolution {
  conv2d(x: Tensor, kernel: Tensor, bias: Tensor | undefined, padding: Padding): Tensor;
  conv2dGradients(
    x: Tensor,
    kernel: Tensor,
    dy: Tensor,
    padding: Padding,
    wanted: { input: boolean },
  ): { input?: Tensor; kernel: Tensor };
}

type Parts = Convolution &
  Pick<TensorOps, 'maxPool' | 'maxPoolGradient' | 'activation' | 'activationGradient' | 'biasGradient'>;

interface Saved {
  convolved: Tensor;
  pooled: MaxPoolResult | undefined;
}

export function composedConvBlock(parts: Parts): Pick<TensorOps, 'convBlock' | 'convBlockGradients'> {
  return {
    convBlock(x, kernel, bias, { padding, poolSize, relu }): ConvBlockResult {
      const convolved = parts.conv2d(x, kernel, bias, padding);
      const pooled = poolSize > 1 ? parts.maxPool(convolved, poolSize) : undefined;
      const linear = pooled?.output ?? convolved;
      const saved: Saved = { convolved, pooled };
      return { output: relu ? parts.activation('relu', linear) : linear, saved };
    },
    convBlockGradients(x, kernel, { output, saved }, dy, { padding, poolSize, relu }, wanted) {
      const { convolved, pooled } = saved as Saved;
      const linear = relu ? parts.activationGradient('relu', dy, output) : dy;
      const whole = pooled ? parts.maxPoolGradient(convolved, pooled, linear, poolSize) : linear;
      const gradients = parts.conv2dGradients(x, kernel, whole, padding, { input: wanted.input });
      // Max pooling hands gradients back to one value of each window: the sums are those of the smaller tensor.
      return wanted.bias ? { ...gradients, bias: parts.biasGradient(linear) } : gradients;
    },
  };
}
