/** Batch normalization, with what ends its block. */
import { endBlock, endBlockGradient, type EndResult } from '../../engine/composed-blocks.ts';
import type { NormBlockResult, Tensor } from '../../engine/engine.ts';
import type { LayerOf } from '../plan.ts';
import { blockEndOf, type PlannedEnd } from './block-end.ts';
import type { Layer, LayerWeight, Pass } from './layer.ts';
import { synchronizedBatchNorm, synchronizedBatchNormGradients } from './synchronized-batch-norm.ts';

interface Saved {
  x: Tensor;
  result: NormBlockResult;
  /** Where the end is computed by itself: statistics of several devices come between. */
  end?: EndResult;
}

/**
 * y = γ (x − μ) / √(σ² + ε) + β per channel (Ioffe & Szegedy 2015). Training uses the batch's μ and σ² and moves
 * the stored ones towards them: moving ← momentum · moving + (1 − momentum) · batch. The layer goes by the
 * normalization's id.
 */
export function batchNormLayer(
  { id, momentum, epsilon }: LayerOf<'batchNorm'>,
  planned: PlannedEnd,
  weights: LayerWeight[],
): Layer {
  const [gamma, beta, mean, variance] = weights as [LayerWeight, LayerWeight, LayerWeight, LayerWeight];
  const end = blockEndOf(planned);
  const compute = (x: Tensor, pass: Pass): Tensor => {
    const { ops } = pass;
    const [g, b] = [pass.read(gamma), pass.read(beta)];
    if (!pass.training) {
      const normalized = ops.batchNormWith(x, g, b, pass.read(mean), pass.read(variance), epsilon);
      return endBlock(ops, normalized, end).output;
    }
    if (pass.group.size === 1) {
      const result = ops.normBlock(x, g, b, epsilon, end);
      pass.save<Saved>(layer, { x, result });
      return result.output;
    }
    const result = synchronizedBatchNorm(x, g, b, epsilon, pass);
    const ended = endBlock(ops, result.output, end);
    pass.save<Saved>(layer, { x, result, end: ended });
    return ended.output;
  };
  const layer: Layer = {
    id,
    weights,
    forward(x, pass) {
      const y = compute(x, pass);
      if (planned.relu) pass.observe?.(planned.relu.id, 'output', y);
      return y;
    },
    backward(dy, pass) {
      const { ops } = pass;
      const { x, result, end: ended } = pass.saved<Saved>(layer);
      const g = pass.read(gamma);
      const before = ended && endBlockGradient(ops, ended, dy, end).before;
      const gradients = before
        ? synchronizedBatchNormGradients(x, g, result, before, epsilon, pass)
        : ops.normBlockGradients(x, g, result, dy, epsilon, end);
      pass.addGradient(gamma, gradients.gamma);
      pass.addGradient(beta, gradients.beta);
      return gradients.input;
    },
    afterStep(pass) {
      const { result } = pass.saved<Saved>(layer);
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
