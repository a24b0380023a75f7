/** Networks of the search space with random weights, and what they predict for random inputs. */
import { modelConfigFromParams, type ModelConfig, type Params, type RandomStream } from '@onegin/contracts';
import type { Engine } from '../engine/engine.ts';
import type { NamedWeights } from '../loop/trial.ts';
import { Network } from '../network/network.ts';
import { planNetwork, type NetworkPlan } from '../network/plan.ts';

export const SAMPLES = 16;

export interface SampleNetwork {
  plan: NetworkPlan;
  weights: NamedWeights;
  /** [SAMPLES, …inputShape], as a file holds it. */
  inputs: Float32Array | Int32Array;
  /** Class probabilities, [SAMPLES, classes]. */
  outputs: Float32Array;
}

const pick = <T>(stream: RandomStream, values: readonly T[]): T => values[stream.integer(values.length)]!;

function randomParams(kind: 'cnn' | 'lstm', stream: RandomStream): Params {
  const common = {
    denseLayers: stream.integer(3),
    denseUnits: pick(stream, [8, 24, 40]),
    activation: pick(stream, ['relu', 'elu', 'selu', 'tanh', 'sigmoid']),
    dropout: pick(stream, [0, 0.3]),
    l2: pick(stream, [0, 1e-4]),
  };
  if (kind === 'lstm') {
    return {
      ...common,
      vocabularySize: pick(stream, [50, 300]),
      sequenceLength: pick(stream, [5, 24]),
      embeddingSize: pick(stream, [4, 16]),
      lstmUnits: pick(stream, [3, 12]),
      lstmLayers: 1 + stream.integer(3),
      bidirectional: pick(stream, [true, false]),
    };
  }
  return {
    ...common,
    convLayers: 1 + stream.integer(3),
    filters: pick(stream, [4, 8]),
    filterGrowth: pick(stream, [1, 1.5, 2]),
    kernelSize: pick(stream, [1, 3, 5]),
    padding: pick(stream, ['same', 'valid']),
    poolSize: pick(stream, [1, 2, 3]),
    batchNorm: pick(stream, [true, false]),
    pooling: pick(stream, ['global', 'flatten']),
  };
}

function randomPlan(kind: 'cnn' | 'lstm', stream: RandomStream): NetworkPlan {
  for (;;) {
    const model: ModelConfig = modelConfigFromParams(kind, randomParams(kind, stream));
    const shape =
      kind === 'cnn'
        ? pick(stream, [
            [28, 28, 1],
            [32, 32, 3],
            [17, 23, 3],
          ])
        : [30];
    try {
      return planNetwork(model, shape, 2 + stream.integer(9));
    } catch {
      // Pooled below one pixel; the next draw is another network.
    }
  }
}

/** Weights large enough that a wrong layout shows in the output, small enough that the softmax doesn't saturate. */
function randomize(weights: NamedWeights, stream: RandomStream): NamedWeights {
  return weights.map((weight) => {
    const spread =
      weight.shape.length > 1 ? Math.sqrt(2 / (weight.values.length / weight.shape.at(-1)!)) : 0.2;
    const positive = weight.name === 'moving_variance' || weight.name === 'gamma';
    const draw = (): number => (positive ? 0.5 + stream.uniform() : spread * stream.normal());
    return { ...weight, values: weight.values.map(draw) };
  });
}

function softmax(logits: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let row = 0; row < logits.length; row += classes) {
    const scores = logits.subarray(row, row + classes);
    const high = Math.max(...scores);
    const powers = Array.from(scores, (score) => Math.exp(score - high));
    const sum = powers.reduce((a, b) => a + b, 0);
    powers.forEach((power, i) => (probabilities[row + i] = power / sum));
  }
  return probabilities;
}

function predict(network: Network, inputs: Float32Array | Int32Array): Float32Array {
  const { plan } = network;
  if (inputs instanceof Float32Array) {
    return softmax(network.predict({ inputs: { images: inputs }, size: SAMPLES }), plan.classes);
  }
  const steps = plan.inputShape[0]!;
  // The engine reads texts time-major.
  const ids = Int32Array.from(inputs, (_, i) => inputs[(i % SAMPLES) * steps + Math.floor(i / SAMPLES)]!);
  return softmax(network.predict({ inputs: { ids }, size: SAMPLES }), plan.classes);
}

export function sampleNetwork(engine: Engine, kind: 'cnn' | 'lstm', stream: RandomStream): SampleNetwork {
  const plan = randomPlan(kind, stream);
  const network = new Network(plan, engine, 1);
  try {
    const weights = randomize(network.weights(), stream);
    network.setWeights(weights);
    const { model } = plan;
    const length = SAMPLES * plan.inputShape.reduce((a, b) => a * b, 1);
    const inputs =
      model.kind === 'cnn'
        ? Float32Array.from({ length }, () => stream.integer(256))
        : Int32Array.from({ length }, () => stream.integer(model.vocabularySize));
    return { plan, weights, inputs, outputs: predict(network, inputs) };
  } finally {
    network.dispose();
  }
}
