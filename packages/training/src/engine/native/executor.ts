/**
 * Runs TensorFlow operations one by one, and owns every tensor they make.
 *
 * Inside a scope each output is recorded; the end of the scope deletes what was recorded. Shape tensors and
 * scalars that come again in every step are made once and kept.
 */
import { messageOf, OneginError } from '@onegin/contracts';
import { sizeOf } from '../../network/planned-layer.ts';
import type { Tensor } from '../engine.ts';
import type { OpAttribute, TensorFlowBinding } from './binding.ts';

export class NativeTensor implements Tensor {
  readonly id: number;
  readonly shape: readonly number[];

  constructor(id: number, shape: readonly number[]) {
    this.id = id;
    this.shape = shape;
  }
}

/** The tensor of this engine behind the opaque type. */
export function native(tensor: Tensor): NativeTensor {
  if (tensor instanceof NativeTensor) return tensor;
  throw new TypeError('expected a tensor of the native engine');
}

/** TensorFlow 2 by way of tfjs-node 4 gives its errors no code: these are its words. */
const OUT_OF_MEMORY = /\bOOM\b|ran out of memory|RESOURCE_EXHAUSTED|failed to allocate|bad_alloc/i;

export class Executor {
  readonly binding: TensorFlowBinding;
  readonly #live: number[] = [];
  readonly #constants = new Map<string, NativeTensor>();

  constructor(binding: TensorFlowBinding) {
    this.binding = binding;
  }

  scope<Result>(work: () => Result): Result {
    const start = this.#live.length;
    try {
      return work();
    } finally {
      for (const id of this.#live.splice(start)) this.binding.deleteTensor(id);
    }
  }

  /** Deletes a tensor of the current scope ahead of time. */
  free(tensor: Tensor): void {
    const { id } = native(tensor);
    const at = this.#live.lastIndexOf(id);
    if (at < 0) return;
    this.#live.splice(at, 1);
    this.binding.deleteTensor(id);
  }

  /** Runs an operation with one output. */
  one(name: string, attributes: readonly OpAttribute[], ...inputs: Tensor[]): NativeTensor {
    return this.many(name, attributes, inputs, 1)[0]!;
  }

  /** Runs an operation with several outputs. */
  many(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): NativeTensor[] {
    const results = this.#execute(name, attributes, inputs, outputs);
    return results.map(({ id, shape }) => this.#record(id, shape));
  }

  /** Runs an operation for its effect. */
  run(name: string, attributes: readonly OpAttribute[], ...inputs: Tensor[]): void {
    this.#execute(name, attributes, inputs, 0);
  }

  /** Runs an operation whose output outlives every scope; `forget` deletes it. */
  lasting(name: string, attributes: readonly OpAttribute[]): NativeTensor {
    const [result] = this.#execute(name, attributes, [], 1);
    return new NativeTensor(result!.id, result!.shape);
  }

  forget(tensor: NativeTensor): void {
    this.binding.deleteTensor(tensor.id);
  }

  #execute(name: string, attributes: readonly OpAttribute[], inputs: readonly Tensor[], outputs: number) {
    try {
      const ids = inputs.map((input) => native(input).id);
      return this.binding.executeOp(name, attributes, ids, outputs);
    } catch (error) {
      if (error instanceof TypeError) throw error;
      const message = messageOf(error);
      const shapes = inputs.map((input) => `[${input.shape.join(', ')}]`).join(' ');
      const [code, what] = OUT_OF_MEMORY.test(message)
        ? (['out-of-memory', 'ran out of memory in'] as const)
        : (['training-failed', 'refused'] as const);
      throw new OneginError(code, `TensorFlow ${what} ${name} on ${shapes}: ${message}`, { cause: error });
    }
  }

  /** A tensor of the values, whose memory it shares. */
  tensor(values: Float32Array, shape: readonly number[]): NativeTensor {
    return this.#record(this.binding.createTensor(shape, this.binding.TF_FLOAT, values), shape);
  }

  ids(values: Int32Array, shape: readonly number[]): NativeTensor {
    return this.#record(this.binding.createTensor(shape, this.binding.TF_INT32, values), shape);
  }

  #record(id: number, shape: readonly number[]): NativeTensor {
    this.#live.push(id);
    return new NativeTensor(id, shape);
  }

  /** A kept int32 vector, for shapes and axes. */
  shape(...values: number[]): NativeTensor {
    return this.#constant(`shape ${values.join(',')}`, [values.length], this.binding.TF_INT32, () =>
      Int32Array.from(values),
    );
  }

  /** A kept int32 scalar. */
  integer(value: number): NativeTensor {
    return this.#constant(`integer ${value}`, [], this.binding.TF_INT32, () => Int32Array.of(value));
  }

  /** A kept int64 scalar. Made through createTensor: as an operation's argument tfjs-node leaks one per use. */
  long(value: number): NativeTensor {
    return this.#constant(`long ${value}`, [], this.binding.TF_INT64, () => Int32Array.of(value, 0));
  }

  /** A kept float scalar; for values that few steps differ in. */
  number(value: number): NativeTensor {
    return this.#constant(`number ${value}`, [], this.binding.TF_FLOAT, () => Float32Array.of(value));
  }

  /** A kept tensor of zeros. */
  zeros(shape: readonly number[]): NativeTensor {
    const values = () => new Float32Array(sizeOf(shape));
    return this.#constant(`zeros ${shape.join(',')}`, shape, this.binding.TF_FLOAT, values);
  }

  #constant(key: string, shape: readonly number[], dtype: number, values: () => Float32Array | Int32Array) {
    let tensor = this.#constants.get(key);
    if (!tensor) {
      tensor = new NativeTensor(this.binding.createTensor(shape, dtype, values()), shape);
      this.#constants.set(key, tensor);
    }
    return tensor;
  }

  /** Drops kept constants, so that trials of many shapes do not add up. */
  dropConstants(): void {
    for (const { id } of this.#constants.values()) this.binding.deleteTensor(id);
    this.#constants.clear();
  }

  values(tensor: Tensor): Float32Array {
    const values = this.binding.tensorDataSync(native(tensor).id);
    if (values instanceof Float32Array) return values;
    throw new TypeError('expected a float32 tensor');
  }

  /** Tensors held besides the kept constants. */
  held(): number {
    return this.binding.getNumOfTensors() - this.#constants.size;
  }
}
