/** One step: gradients, measures on some of the steps, and the optimizer's update. */
import { OneginError } from '@onegin/contracts';
import type { Optimizer, OptimizerConfig, Tensor } from '../engine/engine.ts';
import type { Batch, Network } from '../network/network.ts';
import { sumOverDevices } from '../parallel/sum-over-devices.ts';
import { ALONE, shareOf, type DeviceGroup, type Share } from '../parallel/device-group.ts';
import { argmaxRows } from './evaluate.ts';
import type { EpochSums } from './progress-state.ts';
import type { StopSignal } from './trial.ts';

/** The optimizer that the configuration asks for. */
export function openOptimizer(network: Network): Optimizer {
  const { optimizer: kind, momentum, weightDecay } = network.plan.model;
  const config: OptimizerConfig =
    kind === 'sgd' ? { kind, momentum } : kind === 'adamw' ? { kind, weightDecay } : { kind };
  return network.engine.optimizer(config, network.variables);
}

export interface StepOptions {
  /** Steps done before. */
  step: number;
  learningRate: number;
  /** Whether norms of gradients and updates are taken; costs about as much as a tenth of a step. */
  measure: boolean;
  /** Devices that train together, and which rows of the batch this one has. */
  group?: DeviceGroup;
  share?: Share;
  /** What the first device was asked; the others learn it with the sums of this step. */
  signal?: StopSignal | undefined;
}

export interface StepResult {
  /** Mean loss of the whole batch. */
  loss: number;
  signal: StopSignal | undefined;
}

/**
 * Trains on one batch and adds to the sums.
 * @throws OneginError `diverged` naming the step when the loss is not finite
 */
export function trainingStep(
  network: Network,
  optimizer: Optimizer,
  batch: Batch,
  sums: EpochSums,
  { step, learningRate, measure, group = ALONE, share = shareOf(batch.size, group), signal }: StepOptions,
): StepResult {
  return network.engine.scope(() => {
    const { losses, logits, gradients: own } = network.gradients(batch, step, group, share);
    const { gradients, totals } = sumOverDevices(network.engine, group, own, {
      // A row that only fills a device's place does not count.
      loss: share.counted > 0 ? losses.reduce((a, b) => a + b, 0) : 0,
      correct: share.counted > 0 ? countCorrect(logits, batch.labels) : 0,
      signal,
    });
    const loss = totals.loss / share.whole;
    if (!Number.isFinite(loss))
      throw new OneginError(
        'diverged',
        `Training diverged at step ${step + 1}: the loss is ${loss} (learning rate ${learningRate}).`,
      );
    sums.loss += loss * share.whole;
    sums.correct += totals.correct;
    sums.samples += share.whole;
    if (measure) measuredUpdate(network, optimizer, gradients, learningRate, sums);
    else optimizer.apply(gradients, learningRate);
    return { loss, signal: totals.signal };
  });
}

const countCorrect = (logits: Float32Array, labels: Int32Array): number =>
  argmaxRows(logits, logits.length / labels.length).filter((best, row) => best === labels[row]).length;

/** Updates, and adds ‖gradient‖ and ‖change‖ / ‖weights‖ of every layer to the sums. */
function measuredUpdate(
  network: Network,
  optimizer: Optimizer,
  gradients: readonly Tensor[],
  learningRate: number,
  sums: EpochSums,
): void {
  const { engine, trainable } = network;
  const { ops } = engine;
  const before = trainable.map(({ variable }) => engine.read(variable));
  optimizer.apply(gradients, learningRate);
  const squares = new Map<string, { gradient: number; change: number; weight: number }>();
  trainable.forEach(({ layer, variable }, i) => {
    const entry = squares.get(layer) ?? { gradient: 0, change: 0, weight: 0 };
    entry.gradient += ops.norm(gradients[i]!) ** 2;
    entry.change += ops.distance(engine.read(variable), before[i]!) ** 2;
    entry.weight += ops.norm(before[i]!) ** 2;
    squares.set(layer, entry);
  });
  for (const [layer, { gradient, change, weight }] of squares) {
    const ratio = weight > 0 ? Math.sqrt(change / weight) : NaN;
    const sum = (sums.layers[layer] ??= { gradientNorm: 0, updateRatio: 0, steps: 0 });
    if (!Number.isFinite(gradient) || !Number.isFinite(ratio)) continue;
    sum.gradientNorm += Math.sqrt(gradient);
    sum.updateRatio += ratio;
    sum.steps++;
  }
}
