/** The dense layer. */
import type { Tensor } from '../../engine/engine.ts';
import type { LayerOf } from '../plan.ts';
import type { Layer, LayerWeight } from './layer.ts';

/** x · kernel + bias. */
export function denseLayer({ id }: LayerOf<'dense'>, weights: LayerWeight[]): Layer {
  const [kernel, bias] = weights as [LayerWeight, LayerWeight];
  const layer: Layer = {
    id,
    weights,
    forward(x, pass) {
      if (pass.training) pass.save(layer, x);
      return pass.ops.addBias(pass.ops.matMul(x, pass.read(kernel)), pass.read(bias));
    },
    backward(dy, pass) {
      const x = pass.saved<Tensor>(layer);
      pass.addGradient(kernel, pass.ops.matMul(x, dy, true, false));
      pass.addGradient(bias, pass.ops.biasGradient(dy));
      return pass.needsInputGradient ? pass.ops.matMul(dy, pass.read(kernel), false, true) : undefined;
    },
  };
  return layer;
}
