/** A convolution, with what ends its block. */
import type { ConvBlock, ConvBlockResult, Tensor } from '../../engine/engine.ts';
import type { LayerOf } from '../plan.ts';
import { blockEndOf, type PlannedEnd } from './block-end.ts';
import type { Layer, LayerWeight } from './layer.ts';

/** Stride 1; kernel [height, width, in, out]. The layer goes by the convolution's id. */
export function convolutionLayer(
  { id, padding }: LayerOf<'conv2d'>,
  end: PlannedEnd,
  weights: LayerWeight[],
): Layer {
  const [kernel, bias] = weights as [LayerWeight, LayerWeight?];
  const block: ConvBlock = { padding, ...blockEndOf(end) };
  const layer: Layer = {
    id,
    weights,
    forward(x, pass) {
      const result = pass.ops.convBlock(x, pass.read(kernel), bias && pass.read(bias), block);
      if (pass.training) pass.save(layer, { x, result });
      if (end.relu) pass.observe?.(end.relu.id, 'output', result.output);
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
