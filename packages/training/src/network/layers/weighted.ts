/** Layers with weights on images and vectors: batch normalization, dense. */
import type { BatchNormResult, Tensor } from '../../engine/engine.ts';
import type { LayerOf } from '../plan.ts';
import type { Layer, LayerWeight, Pass } from './layer.ts';
import { synchronizedBatchNorm, synchronizedBatchNormGradients } from './synchronized-batch-norm.ts';

/**
 * y = γ (x − μ) / √(σ² + ε) + β per channel (Ioffe & Szegedy 2015). Training uses the batch's μ and σ² and moves
 * the stored ones towards them: moving ← momentum · moving + (1 − momentum) · batch.
 */
export function batchNormLayer(
  { id, momentum, epsilon }: LayerOf<'batchNorm'>,
  weights: LayerWeight[],
): Layer {
  const [gamma, beta, mean, variance] = weights as [LayerWeight, LayerWeight, LayerWeight, LayerWeight];
  const layer: Layer = {
    id,
    weights,
    forward(x: Tensor, pass: Pass): Tensor {
      const { ops } = pass;
      if (!pass.training) {
        const [g, b, m, v] = [gamma, beta, mean, variance].map((weight) => pass.read(weight));
        return ops.batchNormWith(x, g!, b!, m!, v!, epsilon);
      }
      const [g, b] = [pass.read(gamma), pass.read(beta)];
      const result =
        pass.group.size > 1 ? synchronizedBatchNorm(x, g, b, epsilon, pass) : ops.batchNorm(x, g, b, epsilon);
      pass.save(layer, { x, result });
      return result.output;
    },
    backward(dy: Tensor, pass: Pass): Tensor {
      const { x, result } = pass.saved<{ x: Tensor; result: BatchNormResult }>(layer);
      const g = pass.read(gamma);
      const gradients =
        pass.group.size > 1
          ? synchronizedBatchNormGradients(x, g, result, dy, epsilon, pass)
          : pass.ops.batchNormGradients(x, g, result, dy, epsilon);
      pass.addGradient(gamma, gradients.gamma);
      pass.addGradient(beta, gradients.beta);
      return gradients.input;
    },
    afterStep(pass: Pass): void {
      const { result } = pass.saved<{ result: BatchNormResult }>(layer);
      const { ops, engine } = pass;
      const move = (weight: LayerWeight, batch: Tensor) => {
        const moved = ops.add(ops.scale(pass.read(weight), momentum), ops.scale(batch, 1 - momentum));
        engine.assignTensor(weight.variable, moved);
      };
      move(mean, result.batchMean);
      move(variance, result.batchVariance);
    },
  };
  return layer;
}

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
