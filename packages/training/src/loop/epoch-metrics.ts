/** From what an epoch summed up and showed to its record. */
import type { EpochMetrics, LayerEpoch, LayerHistograms } from '@onegin/contracts';
import { histogram } from '../health/unit-statistics.ts';
import { joinFloats } from '../join-floats.ts';
import type { Network } from '../network/network.ts';
import type { Evaluation } from './evaluate.ts';
import type { ObservedLayer } from './observe-units.ts';
import type { EpochSums } from './progress-state.ts';

export interface EpochEnd {
  /** From 1. */
  epoch: number;
  sums: EpochSums;
  evaluation: Evaluation;
  observed: readonly ObservedLayer[];
  network: Network;
  learningRate: number;
  /** Spent on validation. */
  extraSeconds: number;
}

export function epochMetrics(end: EpochEnd): EpochMetrics {
  const { sums, evaluation } = end;
  return {
    epoch: end.epoch,
    trainLoss: sums.loss / sums.samples,
    trainAccuracy: sums.correct / sums.samples,
    validationLoss: evaluation.loss,
    validationAccuracy: evaluation.accuracy,
    learningRate: end.learningRate,
    seconds: sums.seconds + end.extraSeconds,
    samplesPerSecond: sums.seconds > 0 ? sums.samples / sums.seconds : 0,
    layers: layerEpochs(end),
  };
}

/** Layers with weights carry gradients, hidden layers carry activations; an LSTM carries both. */
function layerEpochs({ sums, observed, network }: EpochEnd): LayerEpoch[] {
  const norms = weightNorms(network);
  const seen = new Map(observed.map((layer) => [layer.layer, layer]));
  return network.plan.layers.flatMap(({ id }) => {
    const gradient = sums.layers[id];
    const units = seen.get(id);
    if (!gradient && !units) return [];
    return {
      layer: id,
      gradientNorm: gradient?.steps ? gradient.gradientNorm / gradient.steps : null,
      weightNorm: norms.get(id) ?? null,
      updateRatio: gradient?.steps ? gradient.updateRatio / gradient.steps : null,
      dead: units?.dead ?? null,
      dormant: units?.dormant ?? null,
      saturated: units?.saturated ?? null,
      activationMean: units?.mean ?? null,
      activationStd: units?.std ?? null,
    };
  });
}

function weightNorms(network: Network): Map<string, number> {
  const { engine } = network;
  const squares = new Map<string, number>();
  for (const { layer, variable } of network.trainable) {
    const norm = engine.scope(() => engine.ops.norm(engine.read(variable)));
    squares.set(layer, (squares.get(layer) ?? 0) + norm ** 2);
  }
  return new Map([...squares].map(([layer, square]) => [layer, Math.sqrt(square)]));
}

export function layerHistograms(
  epoch: number,
  network: Network,
  observed: readonly ObservedLayer[],
): LayerHistograms[] {
  const { engine } = network;
  const seen = new Map(observed.map((layer) => [layer.layer, layer]));
  return network.plan.layers.flatMap((layer) => {
    const kernels = network.trainable.filter(
      (weight) => weight.layer === layer.id && weight.shape.length > 1,
    );
    const activations = seen.get(layer.id)?.histogram ?? null;
    if (kernels.length === 0 && !activations) return [];
    const values = kernels.map(({ variable }) =>
      engine.scope(() => engine.ops.values(engine.read(variable))),
    );
    const weights = values.length > 0 ? histogram(joinFloats(values)) : null;
    return { epoch, layer: layer.id, weights, activations };
  });
}
