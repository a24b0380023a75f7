/** TensorFlow's resource variables, which ResourceApply* operations update in place. */
import type { Tensor, Variable } from '../engine.ts';
import type { Attributes } from './attributes.ts';
import type { Executor, NativeTensor } from './executor.ts';

export interface NativeVariable extends Variable {
  handle: NativeTensor;
}

/** The name that makes TensorFlow create a new resource at every call (ResourceHandle::ANONYMOUS_NAME). */
const ANONYMOUS = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

export class VariableStore {
  readonly #x: Executor;
  readonly #a: Attributes;

  constructor(x: Executor, a: Attributes) {
    this.#x = x;
    this.#a = a;
  }

  create(values: Float32Array, shape: readonly number[]): NativeVariable {
    const a = this.#a;
    const attributes = [
      ...a.variable,
      a.shape('shape', shape),
      a.text('shared_name', ANONYMOUS),
      a.text('container', ''),
    ];
    const variable = { handle: this.#x.lasting('VarHandleOp', attributes), shape: [...shape] };
    this.assign(variable, values);
    return variable;
  }

  /** The variable's present values. Hold it no longer than needed: while held, an update copies the variable. */
  read(variable: NativeVariable): NativeTensor {
    return this.#x.one('ReadVariableOp', this.#a.variable, variable.handle);
  }

  assign(variable: NativeVariable, values: Float32Array): void {
    // The tensor shares the array's memory, so the array must be nobody else's.
    this.#x.scope(() => this.assignTensor(variable, this.#x.tensor(values.slice(), variable.shape)));
  }

  assignTensor(variable: NativeVariable, values: Tensor): void {
    this.#x.run('AssignVariableOp', this.#a.variable, variable.handle, values);
  }

  /** Without DestroyResourceOp the memory would stay taken. */
  release(variable: NativeVariable): void {
    const ignore = [this.#a.flag('ignore_lookup_error', false)];
    this.#x.run('DestroyResourceOp', ignore, variable.handle);
    this.#x.forget(variable.handle);
  }
}
