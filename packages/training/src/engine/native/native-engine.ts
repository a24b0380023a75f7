/** The engine on TensorFlow's own operations: no tape, no graph, forward and backward called one by one. */
import type { Engine, Optimizer, OptimizerConfig, Tensor, Variable } from '../engine.ts';
import { makeAttributes, type Attributes } from './attributes.ts';
import { basicOps } from './basic-ops.ts';
import type { TensorFlowBinding } from './binding.ts';
import { Executor } from './executor.ts';
import { probeFastKernels } from './fast-kernels.ts';
import { imageOps } from './image-ops.ts';
import { nativeOptimizer } from './optimizer.ts';
import { sequenceOps } from './sequence-ops.ts';
import { VariableStore, type NativeVariable } from './variables.ts';

export interface NativeEngineOptions {
  binding: TensorFlowBinding;
  /** Threads that TensorFlow was started with. */
  threads: number;
  /** False leaves the fast kernels out, for tests of the fallback. */
  fastKernels?: boolean;
}

export function createNativeEngine({ binding, threads, fastKernels = true }: NativeEngineOptions): Engine {
  const x = new Executor(binding);
  const a: Attributes = makeAttributes(binding);
  const fast = fastKernels ? probeFastKernels(x, a) : { attributes: [] };
  const store = new VariableStore(x, a);
  const gpu = binding.isUsingGpuDevice();
  const where = gpu ? 'GPU' : `${threads} thread${threads === 1 ? '' : 's'}`;
  const kernels = fast.maxPool && fast.convWithBias ? ', oneDNN kernels' : '';
  return {
    info: {
      name: 'native',
      device: gpu ? 'gpu' : 'cpu',
      detail: `TensorFlow ${binding.TF_Version}, ${where}${kernels}`,
    },
    ops: { ...basicOps(x, a), ...imageOps(x, a, fast), ...sequenceOps(x, a) },
    scope: (work) => x.scope(work),
    free: (tensor) => x.free(tensor),
    variable: (values, shape) => store.create(values, shape),
    read: (variable): Tensor => store.read(own(variable)),
    assign: (variable, values) => store.assign(own(variable), values),
    assignTensor: (variable, values) => store.assignTensor(own(variable), values),
    release: (variable) => store.release(own(variable)),
    optimizer: (config: OptimizerConfig, variables: readonly Variable[]): Optimizer =>
      nativeOptimizer(x, a, store, config, variables.map(own)),
    held: () => x.held(),
  };
}

function own(variable: Variable): NativeVariable {
  if ('handle' in variable) return variable as NativeVariable;
  throw new TypeError('expected a variable of the native engine');
}
