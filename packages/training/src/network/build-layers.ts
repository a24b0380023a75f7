/** From planned layers to the layers that run. */
import { batchNormLayer } from './layers/batch-norm.ts';
import { lengthOfEnd, plannedEndAt } from './layers/block-end.ts';
import { convolutionLayer } from './layers/convolution.ts';
import { denseLayer } from './layers/dense.ts';
import type { Layer, LayerWeight } from './layers/layer.ts';
import { embeddingLayer, lstmLayer } from './layers/sequence.ts';
import {
  activationLayer,
  dropoutLayer,
  flattenLayer,
  globalAverageLayer,
  maxPoolingLayer,
  rescalingLayer,
} from './layers/shaping.ts';
import type { PlannedLayer } from './plan.ts';

/**
 * The layers of a plan in order, each with its weights. What ends the block of a convolution or a normalization runs as
 * one operation with it and is part of its layer.
 */
export function buildLayers(
  plan: readonly PlannedLayer[],
  weightsOf: (planned: PlannedLayer) => LayerWeight[],
  seed: number,
): Layer[] {
  const layers: Layer[] = [];
  for (let i = 0; i < plan.length; i++) {
    const planned = plan[i]!;
    if (planned.type === 'conv2d' || planned.type === 'batchNorm') {
      const end = plannedEndAt(plan, i + 1);
      const weights = weightsOf(planned);
      layers.push(
        planned.type === 'conv2d'
          ? convolutionLayer(planned, end, weights)
          : batchNormLayer(planned, end, weights),
      );
      i += lengthOfEnd(end);
      continue;
    }
    const layer = buildLayer(planned, weightsOf(planned), seed);
    if (layer) layers.push(layer);
  }
  return layers;
}

/** Undefined for what does nothing at run time: the input, and the softmax, which is part of the loss. */
function buildLayer(
  planned: Exclude<PlannedLayer, { type: 'conv2d' | 'batchNorm' }>,
  weights: LayerWeight[],
  seed: number,
): Layer | undefined {
  switch (planned.type) {
    case 'input':
      return undefined;
    case 'rescaling':
      return rescalingLayer(planned);
    case 'maxPooling':
      return maxPoolingLayer(planned);
    case 'activation':
      return planned.activation === 'softmax' ? undefined : activationLayer(planned, planned.activation);
    case 'globalAveragePooling':
      return globalAverageLayer(planned);
    case 'flatten':
      return flattenLayer(planned);
    case 'embedding':
      return embeddingLayer(planned, weights);
    case 'lstm':
    case 'bidirectionalLstm':
      return lstmLayer(planned, weights);
    case 'dropout':
      return dropoutLayer(planned, seed);
    case 'dense':
      return denseLayer(planned, weights);
  }
}
