/** From planned layers to the layers that run. */
import { convolutionLayer, type ConvolutionParts } from './layers/convolution.ts';
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
import { batchNormLayer, denseLayer } from './layers/weighted.ts';
import type { LayerOf, PlannedLayer } from './plan.ts';

/**
 * The layers of a plan in order, each with its weights. What follows a convolution and runs as one operation with it is
 * part of its layer.
 */
export function buildLayers(
  plan: readonly PlannedLayer[],
  weightsOf: (planned: PlannedLayer) => LayerWeight[],
  seed: number,
): Layer[] {
  const layers: Layer[] = [];
  for (let i = 0; i < plan.length; i++) {
    const planned = plan[i]!;
    if (planned.type === 'conv2d') {
      const parts = convolutionAt(plan, i);
      layers.push(convolutionLayer(parts, weightsOf(planned)));
      i += Object.values(parts).filter(Boolean).length - 1;
      continue;
    }
    const layer = buildLayer(planned, weightsOf(planned), seed);
    if (layer) layers.push(layer);
  }
  return layers;
}

function convolutionAt(plan: readonly PlannedLayer[], at: number): ConvolutionParts {
  const conv = plan[at] as LayerOf<'conv2d'>;
  const next = plan[at + 1];
  const pool = next?.type === 'maxPooling' ? next : undefined;
  const then = pool ? plan[at + 2] : next;
  const relu = then?.type === 'activation' && then.activation === 'relu' ? then : undefined;
  return { conv, pool, relu };
}

/** Undefined for what does nothing at run time: the input, and the softmax, which is part of the loss. */
function buildLayer(
  planned: Exclude<PlannedLayer, { type: 'conv2d' }>,
  weights: LayerWeight[],
  seed: number,
): Layer | undefined {
  switch (planned.type) {
    case 'input':
      return undefined;
    case 'rescaling':
      return rescalingLayer(planned);
    case 'batchNorm':
      return batchNormLayer(planned, weights);
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
