/**
 * What a layer is: its weights, a forward pass and a backward pass over the engine contract.
 *
 * A layer object belongs to one network; what its forward pass saves for the backward pass lives in the pass.
 */
import type { Engine, Tensor, TensorOps, Variable } from '../../engine/engine.ts';
import { ALONE, type DeviceGroup, type Share } from '../../parallel/device-group.ts';

export interface LayerWeight {
  name: string;
  shape: readonly number[];
  variable: Variable;
  trainable: boolean;
}

export interface Layer {
  /** Id in the plan. */
  readonly id: string;
  /** In Keras order. */
  readonly weights: readonly LayerWeight[];
  forward(x: Tensor, pass: Pass): Tensor;
  /**
   * Adds the gradients of the weights to the pass and returns the gradient of the input. Where nothing before the
   * layer learns (`pass.needsInputGradient` is false) it may return undefined.
   */
  backward(dy: Tensor, pass: Pass): Tensor | undefined;
  /** What else a training step changes: moving statistics. */
  afterStep?(pass: Pass): void;
}

/** Is shown what measuring wants to see: outputs of hidden layers, gates of LSTMs. */
export type Observer = (layer: string, what: string, values: Tensor) => void;

export interface PassOptions {
  /** Whether dropout drops and batch normalization uses the batch. */
  training: boolean;
  /** Steps done before this one: part of the dropout seeds. */
  step?: number;
  observe?: Observer | undefined;
  /** Devices that train together, and this one's rows of the batch; by default it has all of them. */
  group?: DeviceGroup;
  share?: Share;
}

/** One batch going forward, and back. Lives within one scope of the engine. */
export class Pass {
  readonly engine: Engine;
  readonly ops: TensorOps;
  readonly training: boolean;
  readonly step: number;
  readonly gradients = new Map<Variable, Tensor>();
  /** False while the first layer with weights goes backward. */
  needsInputGradient = true;
  readonly observe: Observer | undefined;
  readonly group: DeviceGroup;
  /** Of a training pass; alone, nothing asks for it. */
  readonly share: Share;
  readonly #reads = new Map<Variable, Tensor>();
  readonly #saved = new Map<Layer, unknown>();

  constructor(engine: Engine, options: PassOptions) {
    this.engine = engine;
    this.ops = engine.ops;
    this.training = options.training;
    this.step = options.step ?? 0;
    this.observe = options.observe;
    this.group = options.group ?? ALONE;
    this.share = options.share ?? { whole: 0, from: 0, rows: 0, counted: 0 };
  }

  /** The weight's values in this pass. */
  read(weight: LayerWeight): Tensor {
    let tensor = this.#reads.get(weight.variable);
    if (!tensor) {
      tensor = this.engine.read(weight.variable);
      this.#reads.set(weight.variable, tensor);
    }
    return tensor;
  }

  save<Saved>(layer: Layer, saved: Saved): void {
    this.#saved.set(layer, saved);
  }

  /** What the layer's forward pass of this batch saved. */
  saved<Saved>(layer: Layer): Saved {
    if (!this.#saved.has(layer)) throw new Error(`layer ${layer.id}: backward came before forward`);
    return this.#saved.get(layer) as Saved;
  }

  /** Frees the weights read so far: an optimizer updates in place only what nobody else holds. */
  releaseReads(): void {
    for (const tensor of this.#reads.values()) this.engine.free(tensor);
    this.#reads.clear();
  }

  addGradient(weight: LayerWeight, gradient: Tensor): void {
    this.gradients.set(weight.variable, gradient);
  }
}
