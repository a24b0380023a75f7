/** A planned network on an engine: its weights, the step forward and back, and prediction. */
import { OneginError } from '@onegin/contracts';
import type { Engine, Tensor, Variable } from '../engine/engine.ts';
import type { NamedWeights } from '../loop/trial.ts';
import { ALONE, shareOf, type DeviceGroup, type Share } from '../parallel/device-group.ts';
import { initialValues } from './initialize.ts';
import { buildLayers } from './build-layers.ts';
import { Pass, type Layer, type LayerWeight, type Observer } from './layers/layer.ts';
import type { NetworkPlan } from './plan.ts';

export interface TrainableWeight extends LayerWeight {
  layer: string;
}

/** A batch: images [batch, height, width, channels], or token ids [steps, batch] time-major. */
export interface Batch {
  inputs: { images: Float32Array } | { ids: Int32Array };
  labels: Int32Array;
  size: number;
}

export interface StepGradients {
  /** Loss of each sample, without the L2 penalty. */
  losses: Float32Array;
  /** [batch, classes], row by row. */
  logits: Float32Array;
  /** In the order of `trainable`, the L2 penalty included; of several devices each has its part of the sum. */
  gradients: Tensor[];
}

export class Network {
  readonly plan: NetworkPlan;
  readonly engine: Engine;
  readonly layers: readonly Layer[];
  /** What the optimizer updates, in the order of the layers. */
  readonly trainable: readonly TrainableWeight[];

  constructor(plan: NetworkPlan, engine: Engine, seed: number) {
    this.plan = plan;
    this.engine = engine;
    this.layers = buildLayers(
      plan.layers,
      (planned) =>
        planned.weights.map((spec) => ({
          ...spec,
          variable: engine.variable(initialValues(planned, spec, plan.model.initializer, seed), spec.shape),
        })),
      seed,
    );
    this.trainable = this.layers.flatMap((layer) =>
      layer.weights.filter((weight) => weight.trainable).map((weight) => ({ ...weight, layer: layer.id })),
    );
  }

  get variables(): Variable[] {
    return this.trainable.map(({ variable }) => variable);
  }

  /**
   * Forward in training mode, back, and the moving statistics. Call within a scope; the gradients end with it.
   * @param batch this device's share of the batch
   */
  gradients(
    batch: Batch,
    step: number,
    group: DeviceGroup = ALONE,
    share: Share = shareOf(batch.size, group),
  ): StepGradients {
    const { engine } = this;
    const pass = new Pass(engine, { training: true, step, group, share });
    const logits = this.#forward(batch, pass);
    const labels = engine.ops.ids(batch.labels, [batch.size]);
    const { losses, gradient } = engine.ops.crossEntropy(logits, labels);
    // The loss is the mean over the whole batch, whichever device has how many of its rows.
    this.#backward(engine.ops.scale(gradient, share.counted > 0 ? 1 / share.whole : 0), pass);
    for (const layer of this.layers) layer.afterStep?.(pass);
    const gradients = this.trainable.map((weight) => this.#penalized(weight, pass));
    pass.releaseReads();
    return { losses: engine.ops.values(losses), logits: engine.ops.values(logits), gradients };
  }

  /** Class scores before the softmax, [batch, classes]; no dropout, moving statistics. */
  predict(batch: Pick<Batch, 'inputs' | 'size'>, observe?: Observer): Float32Array {
    return this.engine.scope(() => {
      const pass = new Pass(this.engine, { training: false, observe });
      return this.engine.ops.values(this.#forward(batch, pass));
    });
  }

  #forward({ inputs, size }: Pick<Batch, 'inputs' | 'size'>, pass: Pass): Tensor {
    const { inputShape } = this.plan;
    let x =
      'images' in inputs
        ? pass.ops.tensor(inputs.images, [size, ...inputShape])
        : pass.ops.ids(inputs.ids, [...inputShape, size]);
    for (const layer of this.layers) x = layer.forward(x, pass);
    return x;
  }

  #backward(dLogits: Tensor, pass: Pass): void {
    const first = this.layers.findIndex((layer) => layer.weights.length > 0);
    let dy: Tensor | undefined = dLogits;
    for (let i = this.layers.length - 1; i >= first && dy; i--) {
      pass.needsInputGradient = i > first;
      dy = this.layers[i]!.backward(dy, pass);
    }
  }

  /** Keras counts l2 · Σ w², whose gradient is 2 · l2 · w. */
  #penalized(weight: TrainableWeight, pass: Pass): Tensor {
    const gradient = pass.gradients.get(weight.variable);
    if (!gradient) throw new Error(`layer ${weight.layer}: no gradient of ${weight.name}`);
    const { l2 } = this.plan.model;
    if (l2 === 0 || weight.shape.length < 2) return gradient;
    const { counted, whole } = pass.share;
    return pass.ops.add(gradient, pass.ops.scale(pass.read(weight), (2 * l2 * counted) / whole));
  }

  /** Copies of all weights, moving statistics included. */
  weights(): NamedWeights {
    const { engine } = this;
    return this.layers.flatMap((layer) =>
      layer.weights.map(({ name, shape, variable }) => ({
        layer: layer.id,
        name,
        shape: [...shape],
        values: engine.scope(() => engine.ops.values(engine.read(variable))),
      })),
    );
  }

  /** @throws OneginError `checkpoint-unfit` when names or shapes are not this network's */
  setWeights(weights: NamedWeights): void {
    const own = this.layers.flatMap((layer) =>
      layer.weights.map((weight) => ({ layer: layer.id, ...weight })),
    );
    const describe = (list: readonly { layer: string; name: string; shape: readonly number[] }[]) =>
      list.map(({ layer, name, shape }) => `${layer}/${name} [${shape.join(', ')}]`).join('; ');
    if (describe(own) !== describe(weights))
      throw new OneginError(
        'checkpoint-unfit',
        `The weights are those of another network: expected ${describe(own)}; found ${describe(weights)}.`,
      );
    own.forEach(({ variable }, i) => this.engine.assign(variable, weights[i]!.values));
  }

  dispose(): void {
    for (const layer of this.layers) for (const { variable } of layer.weights) this.engine.release(variable);
  }
}
