/** A convolution, and what follows it that engines compute in the same breath: max pooling and ReLU. */
import type { ConvBlock, ConvBlockResult, Tensor } from '../../engine/engine.ts';
import type { LayerOf } from '../plan.ts';
import type { Layer, LayerWeight } from './layer.ts';

export interface ConvolutionParts {
  conv: LayerOf<'conv2d'>;
  pool?: LayerOf<'maxPooling'> | undefined;
  /** An activation of the kind ReLU. */
  relu?: LayerOf<'activation'> | undefined;
}

/** Stride 1; kernel [height, width, in, out]. The layer goes by the convolution's id. */
export function convolutionLayer({ conv, pool, relu }: ConvolutionParts, weights: LayerWeight[]): Layer {
  const [kernel, bias] = weights as [LayerWeight, LayerWeight?];
  const block: ConvBlock = {
    padding: conv.padding,
    poolSize: pool ? pool.poolSize : 1,
    relu: relu !== undefined,
  };
  const layer: Layer = {
    id: conv.id,
    weights,
    forward(x, pass) {
      const result = pass.ops.convBlock(x, pass.read(kernel), bias && pass.read(bias), block);
      if (pass.training) pass.save(layer, { x, result });
      if (relu) pass.observe?.(relu.id, 'output', result.output);
      return result.output;
    },
    backward(dy, pass) {
      const { x, result } = pass.saved<{ x: Tensor; result: ConvBlockResult }>(layer);
      const wanted = { input: pass.needsInputGradient, bias: bias !== undefined };
      const gradients = pass.ops.convBlockGradients(x, pass.read(kernel), result, dy, block, wanted);
      pass.addGradient(kernel, gradients.kernel);
      if (bias) pass.addGradient(bias, gradients.bias!);
      return gradients.input;
    },
  };
  return layer;
}
