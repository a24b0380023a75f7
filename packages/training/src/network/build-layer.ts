/** From a planned layer to the layer that runs. */
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
import { batchNormLayer, convolutionLayer, denseLayer } from './layers/weighted.ts';
import type { PlannedLayer } from './plan.ts';

/** Undefined for what does nothing at run time: the input, and the softmax, which is part of the loss. */
export function buildLayer(planned: PlannedLayer, weights: LayerWeight[], seed: number): Layer | undefined {
  switch (planned.type) {
    case 'input':
      return undefined;
    case 'rescaling':
      return rescalingLayer(planned);
    case 'conv2d':
      return convolutionLayer(planned, weights);
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
