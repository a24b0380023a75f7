/** The engine that works right after install: tfjs's WebAssembly kernels, on one thread. */
import { composedBlocks } from '../composed-blocks.ts';
import type { Engine, Variable } from '../engine.ts';
import { guarded, openBackend, own, tensor, tf, view } from './backend.ts';
import { basicOps } from './basic-ops.ts';
import { convolution, imageOps, normalization } from './image-ops.ts';
import { wasmOptimizer, type WasmVariable } from './optimizer.ts';
import { sequenceOps } from './sequence-ops.ts';

/** @param why it is this engine and not the native one, for people */
export async function createWasmEngine(why: string): Promise<Engine> {
  await openBackend();
  const variables = new Set<Variable>();
  return {
    info: { name: 'wasm', device: 'cpu', detail: `WebAssembly (tfjs ${tf.version_core}), 1 thread, ${why}` },
    ops: {
      ...basicOps,
      ...imageOps,
      ...sequenceOps,
      ...composedBlocks({ ...basicOps, ...imageOps, ...convolution, ...normalization }),
    },
    scope<Result>(work: () => Result): Result {
      // tidy would search the result for tensors, value by value.
      let result: { value: Result } | undefined;
      guarded(() =>
        tf.tidy(() => {
          result = { value: work() };
        }),
      );
      return result!.value;
    },
    free: (a) => own(a).dispose(),
    variable(values, shape) {
      const variable: WasmVariable = { values: values.slice(), shape: [...shape] };
      variables.add(variable);
      return variable;
    },
    read: (variable) => tensor(ours(variable).values, variable.shape),
    assign: (variable, values) => ours(variable).values.set(values),
    assignTensor: (variable, values) => ours(variable).values.set(view(values)),
    release: (variable) => void variables.delete(variable),
    optimizer: (config, list) => wasmOptimizer(config, list.map(ours)),
    held: () => tf.memory().numTensors + variables.size,
  };
}

function ours(variable: Variable): WasmVariable {
  if ('values' in variable) return variable as WasmVariable;
  throw new TypeError('expected a variable of the wasm engine');
}
