/**
 * The engine contract: the few tensor operations that networks need, forward and backward, on some backend.
 *
 * Layers are written once against it (network/layers), so an engine is exactly this file's methods. Conventions:
 * images are NHWC, sequences are time-major [steps, batch, features], token ids are [steps, batch]. A method never
 * changes its arguments. Every tensor made inside `scope` is freed when it ends.
 */
export interface EngineInfo {
  name: 'native' | 'wasm';
  device: 'cpu' | 'gpu';
  /** For people: library, version, threads, and why it is not the faster one. */
  detail: string;
}

/** A float32 or int32 tensor of an engine; opaque but for its shape. */
export interface Tensor {
  readonly shape: readonly number[];
}

/** A float32 tensor that optimizers update in place. */
export interface Variable {
  readonly shape: readonly number[];
}

export type Padding = 'same' | 'valid';
export type HiddenActivation = 'relu' | 'elu' | 'selu' | 'tanh' | 'sigmoid';

export interface MaxPoolResult {
  output: Tensor;
  saved: unknown;
}

/** What ends a block: max pooling of side and stride `poolSize` (1 for none), and ReLU. */
export interface BlockEnd {
  poolSize: number;
  relu: boolean;
}

/** A convolution of stride 1 with its bias, and what ends its block. */
export interface ConvBlock extends BlockEnd {
  padding: Padding;
}

export interface ConvBlockResult {
  output: Tensor;
  saved: unknown;
}

/** What the forward pass of a batch normalization leaves for the backward pass. */
export interface NormBlockResult {
  output: Tensor;
  batchMean: Tensor;
  /** Population variance of the batch (divided by n). */
  batchVariance: Tensor;
  saved: unknown;
}

export interface ConvGradients {
  input?: Tensor;
  kernel: Tensor;
}

export interface NormGradients {
  input: Tensor;
  gamma: Tensor;
  beta: Tensor;
}

/** Kernel [features, 4 · units], recurrent kernel [units, 4 · units], bias [4 · units]; gates in order i, f, c, o. */
export interface LstmWeights {
  kernel: Tensor;
  recurrentKernel: Tensor;
  bias: Tensor;
}

export interface LstmResult {
  /** Hidden state after every step, [steps, batch, units]. */
  output: Tensor;
  saved: unknown;
}

export interface LstmGradients extends LstmWeights {
  input: Tensor;
}

/** Gate values and cell output after the activation functions, for measuring saturation: each [steps, batch, units]. */
export interface LstmGates {
  input: Tensor;
  forget: Tensor;
  output: Tensor;
  cellOutput: Tensor;
}

/** Arithmetic, activations, dropout and the loss. */
export interface BasicOps {
  /** May share the array's memory: never write to it afterwards. */
  tensor(values: Float32Array, shape: readonly number[]): Tensor;
  ids(values: Int32Array, shape: readonly number[]): Tensor;
  zeros(shape: readonly number[]): Tensor;
  /** Copies the values out; the result belongs to the caller. */
  values(tensor: Tensor): Float32Array;

  add(a: Tensor, b: Tensor): Tensor;
  /** `b` of the same shape, or [channels] for the last axis. */
  multiply(a: Tensor, b: Tensor): Tensor;
  scale(a: Tensor, factor: number): Tensor;
  reshape(a: Tensor, shape: readonly number[]): Tensor;
  /** `size` entries along an axis, from the entry `from` on. */
  slice(a: Tensor, axis: number, from: number, size: number): Tensor;
  /** [m, k] · [k, n], either side transposed first if asked. */
  matMul(a: Tensor, b: Tensor, transposeA?: boolean, transposeB?: boolean): Tensor;
  /** Adds [channels] to the last axis. */
  addBias(a: Tensor, bias: Tensor): Tensor;
  /** Sum over all axes but the last. */
  biasGradient(dy: Tensor): Tensor;
  /** Square root of the sum of squares. */
  norm(a: Tensor): number;
  /** ‖a − b‖. */
  distance(a: Tensor, b: Tensor): number;

  activation(kind: HiddenActivation, x: Tensor): Tensor;
  /** From the activation's output y, never its input. */
  activationGradient(kind: HiddenActivation, dy: Tensor, y: Tensor): Tensor;
  /** 0 with probability `rate`, else 1 / (1 − rate). The same seeds give the same mask. */
  dropoutMask(shape: readonly number[], rate: number, seeds: readonly [number, number]): Tensor;

  /** Loss of each row and the gradient of their sum by the logits. Labels int32 [batch]. */
  crossEntropy(logits: Tensor, labels: Tensor): { losses: Tensor; gradient: Tensor };
  softmax(logits: Tensor): Tensor;
}

/** Blocks are one operation, because an engine may compute them without writing down what lies between. */
export interface BlockOps {
  /** Kernel [height, width, in, out]; bias [out] or none. */
  convBlock(x: Tensor, kernel: Tensor, bias: Tensor | undefined, block: ConvBlock): ConvBlockResult;
  /** The bias's gradient is there where there was a bias. */
  convBlockGradients(
    x: Tensor,
    kernel: Tensor,
    result: ConvBlockResult,
    dy: Tensor,
    block: ConvBlock,
    wanted: { input: boolean; bias: boolean },
  ): ConvGradients & { bias?: Tensor };
  /** Normalizes each channel over the batch and its positions, and ends the block. */
  normBlock(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number, end: BlockEnd): NormBlockResult;
  normBlockGradients(
    x: Tensor,
    gamma: Tensor,
    result: NormBlockResult,
    dy: Tensor,
    epsilon: number,
    end: BlockEnd,
  ): NormGradients;
}

export interface ImageOps {
  /** Window and stride are `size`; rows and columns that fill no window are left out. */
  maxPool(x: Tensor, size: number): MaxPoolResult;
  maxPoolGradient(x: Tensor, result: MaxPoolResult, dy: Tensor, size: number): Tensor;
  /** Mean over rows and columns: [batch, height, width, channels] → [batch, channels]. */
  globalAverage(x: Tensor): Tensor;
  globalAverageGradient(inputShape: readonly number[], dy: Tensor): Tensor;
  /** Batch normalization with moving statistics, for prediction. */
  batchNormWith(
    x: Tensor,
    gamma: Tensor,
    beta: Tensor,
    mean: Tensor,
    variance: Tensor,
    epsilon: number,
  ): Tensor;
}

export interface LstmOps {
  lstm(x: Tensor, weights: LstmWeights): LstmResult;
  lstmGradients(x: Tensor, weights: LstmWeights, result: LstmResult, dy: Tensor): LstmGradients;
  lstmGates(result: LstmResult): LstmGates;
}

export interface SequenceOps {
  /** Rows of a [rows, features] table: ids [...] → [..., features]. */
  gatherRows(table: Tensor, ids: Tensor): Tensor;
  /** Sums dy [..., features] into the rows that `ids` name: [rows, features]. */
  gatherRowsGradient(dy: Tensor, ids: Tensor, rows: number): Tensor;
  /** Reverses the first axis (time). */
  reverseTime(x: Tensor): Tensor;
  /** The last entry of the first axis. */
  lastStep(x: Tensor): Tensor;
  /** The inverse of lastStep for gradients: zeros but for the last of `steps` entries. */
  atLastStep(dy: Tensor, steps: number): Tensor;
  /** Joins two tensors along the last axis, and takes them apart again. */
  joinFeatures(a: Tensor, b: Tensor): Tensor;
  splitFeatures(joined: Tensor, first: number): [Tensor, Tensor];
}

export type TensorOps = BasicOps & BlockOps & ImageOps & LstmOps & SequenceOps;

export type OptimizerConfig =
  | { kind: 'sgd'; momentum: number }
  | { kind: 'rmsprop' }
  | { kind: 'adam' }
  | { kind: 'adamw'; weightDecay: number };

export interface Optimizer {
  /** One step: gradients in the order of the variables. */
  apply(gradients: readonly Tensor[], learningRate: number): void;
  /** Everything that the next step depends on, besides the variables. */
  state(): { step: number; slots: Float32Array[] };
  restore(state: { step: number; slots: readonly Float32Array[] }): void;
  dispose(): void;
}

export interface Engine {
  readonly info: EngineInfo;
  readonly ops: TensorOps;
  /** Frees every tensor made inside when `work` ends; its result must not be a tensor. */
  scope<Result>(work: () => Result): Result;
  /** Frees one tensor before its scope ends. */
  free(tensor: Tensor): void;
  variable(values: Float32Array, shape: readonly number[]): Variable;
  /** The variable's present values; later updates do not change the tensor. */
  read(variable: Variable): Tensor;
  assign(variable: Variable, values: Float32Array): void;
  /** Takes over a tensor's values. */
  assignTensor(variable: Variable, values: Tensor): void;
  release(variable: Variable): void;
  optimizer(config: OptimizerConfig, variables: readonly Variable[]): Optimizer;
  /** Tensors and variables now held; a loop that leaks shows here. */
  held(): number;
}
