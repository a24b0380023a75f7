/** The engine on TensorFlow's own operations: no tape, no graph, forward and backward called one by one. */
import type { Engine, Optimizer, OptimizerConfig, Tensor, Variable } from '../engine.ts';
import { makeAttributes, type Attributes } from './attributes.ts';
import { basicOps } from './basic-ops.ts';
import type { TensorFlowBinding } from './binding.ts';
import { fusedAgrees, fusedConvBlock, stepwiseConvBlock } from './conv-block.ts';
import { Executor } from './executor.ts';
import { probeFastKernels } from './fast-kernels.ts';
import { imageOps } from './image-ops.ts';
import type { Kernels } from './kernels.ts';
import { nativeOptimizer } from './optimizer.ts';
import { sequenceOps } from './sequence-ops.ts';
import { VariableStore, type NativeVariable } from './variables.ts';

export interface NativeEngineOptions {
  binding: TensorFlowBinding;
  /** Threads that work on one operation. */
  threads: number;
  /** This project's own kernels, or why they are missing; without either nothing is said of them. */
  kernels?: Kernels | { missing: string } | undefined;
  /** False leaves oneDNN's kernels out, for tests of the fallback. */
  fastKernels?: boolean;
}

export function createNativeEngine({
  binding,
  threads,
  kernels,
  fastKernels = true,
}: NativeEngineOptions): Engine {
  const x = new Executor(binding);
  const a: Attributes = makeAttributes(binding);
  const fast = fastKernels ? probeFastKernels(x, a) : { attributes: [] };
  const store = new VariableStore(x, a);
  const gpu = binding.isUsingGpuDevice();
  const parts = { ...basicOps(x, a), ...imageOps(x, a, fast) };
  const stepwise = stepwiseConvBlock(x, a, fast, parts);
  const fused = fusedConvBlock(x, a);
  const own = kernels && 'setThreads' in kernels ? kernels : undefined;
  own?.setThreads(threads);
  const useOwn = own !== undefined && fusedAgrees(x, fused, stepwise);
  return {
    info: {
      name: 'native',
      device: gpu ? 'gpu' : 'cpu',
      detail: [
        `TensorFlow ${binding.TF_Version}`,
        gpu ? 'GPU' : `${threads} thread${threads === 1 ? '' : 's'}`,
        ...kernelsInWords(kernels, useOwn),
        ...(!useOwn && fast.maxPool && fast.convWithBias ? ['oneDNN kernels'] : []),
      ].join(', '),
    },
    ops: { ...parts, ...(useOwn ? fused : stepwise), ...sequenceOps(x, a) },
    scope: (work) => x.scope(work),
    free: (tensor) => x.free(tensor),
    variable: (values, shape) => store.create(values, shape),
    read: (variable): Tensor => store.read(ownVariable(variable)),
    assign: (variable, values) => store.assign(ownVariable(variable), values),
    assignTensor: (variable, values) => store.assignTensor(ownVariable(variable), values),
    release: (variable) => store.release(ownVariable(variable)),
    optimizer: (config: OptimizerConfig, variables: readonly Variable[]): Optimizer =>
      nativeOptimizer(x, a, store, config, variables.map(ownVariable)),
    held: () => x.held(),
  };
}

function kernelsInWords(kernels: NativeEngineOptions['kernels'], used: boolean): string[] {
  if (!kernels) return [];
  if ('missing' in kernels) return [`without own kernels: ${kernels.missing}`];
  return used
    ? [`own kernels for ${kernels.instructionSets[0]}`]
    : ['without own kernels: they compute otherwise here'];
}

function ownVariable(variable: Variable): NativeVariable {
  if ('handle' in variable) return variable as NativeVariable;
  throw new TypeError('expected a variable of the native engine');
}
