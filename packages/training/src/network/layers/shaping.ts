/** Layers without weights: rescaling, pooling, flattening, activation, dropout. */
import { deriveSeed } from '@onegin/contracts';
import type { HiddenActivation, MaxPoolResult, Tensor } from '../../engine/engine.ts';
import type { LayerOf } from '../plan.ts';
import type { Layer, Pass } from './layer.ts';

/** x · scale. */
export function rescalingLayer({ id, scale }: LayerOf<'rescaling'>): Layer {
  return {
    id,
    weights: [],
    forward: (x, pass) => pass.ops.scale(x, scale),
    backward: (dy, pass) => pass.ops.scale(dy, scale),
  };
}

export function maxPoolingLayer({ id, poolSize }: LayerOf<'maxPooling'>): Layer {
  const layer: Layer = {
    id,
    weights: [],
    forward(x, pass) {
      const result = pass.ops.maxPool(x, poolSize);
      if (pass.training) pass.save(layer, { x, result });
      return result.output;
    },
    backward(dy, pass) {
      const { x, result } = pass.saved<{ x: Tensor; result: MaxPoolResult }>(layer);
      return pass.ops.maxPoolGradient(x, result, dy, poolSize);
    },
  };
  return layer;
}

/** [batch, height, width, channels] → [batch, channels]. */
export function globalAverageLayer({ id, inputShape }: LayerOf<'globalAveragePooling'>): Layer {
  return {
    id,
    weights: [],
    forward: (x, pass) => pass.ops.globalAverage(x),
    backward: (dy, pass) => pass.ops.globalAverageGradient([dy.shape[0]!, ...inputShape], dy),
  };
}

/** [batch, height, width, channels] → [batch, height · width · channels]. */
export function flattenLayer({ id, inputShape, outputShape }: LayerOf<'flatten'>): Layer {
  return {
    id,
    weights: [],
    forward: (x, pass) => pass.ops.reshape(x, [x.shape[0]!, ...outputShape]),
    backward: (dy, pass) => pass.ops.reshape(dy, [dy.shape[0]!, ...inputShape]),
  };
}

/** The bend of hidden layers. The last layer's softmax is part of the loss instead. */
export function activationLayer({ id }: LayerOf<'activation'>, kind: HiddenActivation): Layer {
  const layer: Layer = {
    id,
    weights: [],
    forward(x, pass) {
      const y = pass.ops.activation(kind, x);
      if (pass.training) pass.save(layer, y);
      pass.observe?.(id, 'output', y);
      return y;
    },
    backward: (dy, pass) => pass.ops.activationGradient(kind, dy, pass.saved<Tensor>(layer)),
  };
  return layer;
}

/** Inverted dropout: kept values grow by 1 / (1 − rate), so that prediction needs no change. */
export function dropoutLayer({ id, rate }: LayerOf<'dropout'>, seed: number): Layer {
  const own = deriveSeed(seed, 'dropout', id) | 0;
  const layer: Layer = {
    id,
    weights: [],
    forward(x, pass) {
      if (!pass.training) return x;
      const mask = dropoutMask(x.shape, rate, own, pass);
      pass.save(layer, mask);
      return pass.ops.multiply(x, mask);
    },
    backward: (dy, pass: Pass) => pass.ops.multiply(dy, pass.saved<Tensor>(layer)),
  };
  return layer;
}

/** Of several devices each cuts its rows from the mask of the whole batch, so that their number changes nothing. */
function dropoutMask(shape: readonly number[], rate: number, seed: number, pass: Pass): Tensor {
  const seeds = [seed, pass.step] as const;
  if (pass.group.size === 1) return pass.ops.dropoutMask(shape, rate, seeds);
  const { whole, from, rows } = pass.share;
  // Sequences are [steps, batch, features].
  const axis = shape.length === 3 ? 1 : 0;
  const wholeShape = shape.map((length, i) => (i === axis ? whole : length));
  return pass.ops.slice(pass.ops.dropoutMask(wholeShape, rate, seeds), axis, from, rows);
}
