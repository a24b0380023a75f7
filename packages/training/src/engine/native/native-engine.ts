/** The engine on TensorFlow's own operations: no tape, no graph, forward and backward called one by one. */
import { composedBlocks } from '../composed-blocks.ts';
import type { BlockOps, Engine, LstmOps, Variable } from '../engine.ts';
import { makeAttributes, type Attributes } from './attributes.ts';
import { basicOps } from './basic-ops.ts';
import type { TensorFlowBinding } from './binding.ts';
import { convolution } from './convolution.ts';
import { Executor } from './executor.ts';
import { probeFastKernels } from './fast-kernels.ts';
import { imageOps } from './image-ops.ts';
import type { Kernels } from './kernels.ts';
import { blockLstm, lstmAgrees, ownLstm } from './lstm.ts';
import { nativeOptimizer } from './optimizer.ts';
import { blocksAgree, ownBlocks } from './own-blocks.ts';
import { sequenceOps } from './sequence-ops.ts';
import { VariableStore, type NativeVariable } from './variables.ts';

/** Threads that work on one operation: of this project's kernels, and of TensorFlow's, which was started with them. */
export interface NativeThreads {
  kernels: number;
  tensorflow: number;
}

export interface NativeEngineOptions {
  binding: TensorFlowBinding;
  threads: NativeThreads;
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
  const parts = { ...basicOps(x, a), ...imageOps(x, a, fast), ...sequenceOps(x, a) };
  const tensorflows = { ...composedBlocks({ ...parts, ...convolution(x, a, fast) }), ...blockLstm(x, a) };
  const own = ownOps(x, a, tensorflows, threads.kernels, kernels);
  return {
    info: {
      name: 'native',
      device: gpu ? 'gpu' : 'cpu',
      detail: [
        `TensorFlow ${binding.TF_Version}`,
        gpu ? 'GPU' : threadsInWords(own ? threads.kernels : threads.tensorflow),
        ...kernelsInWords(kernels, own !== undefined),
        ...(!own && fast.maxPool && fast.convWithBias ? ['oneDNN kernels'] : []),
      ].join(', '),
    },
    ops: { ...parts, ...(own ?? tensorflows) },
    scope: (work) => x.scope(work),
    free: (tensor) => x.free(tensor),
    variable: (values, shape) => store.create(values, shape),
    read: (variable) => store.read(ownVariable(variable)),
    assign: (variable, values) => store.assign(ownVariable(variable), values),
    assignTensor: (variable, values) => store.assignTensor(ownVariable(variable), values),
    release: (variable) => store.release(ownVariable(variable)),
    optimizer: (config, variables) => nativeOptimizer(x, a, store, config, variables.map(ownVariable)),
    held: () => x.held(),
  };
}

/** What this project's own kernels compute, where they are there and agree with TensorFlow's operations. */
function ownOps(
  x: Executor,
  a: Attributes,
  tensorflows: BlockOps & LstmOps,
  threads: number,
  kernels: NativeEngineOptions['kernels'],
): (BlockOps & LstmOps) | undefined {
  if (!kernels || 'missing' in kernels) return undefined;
  kernels.setThreads(threads);
  const own = { ...ownBlocks(x, a), ...ownLstm(x) };
  return blocksAgree(x, own, tensorflows) && lstmAgrees(x, own, tensorflows) ? own : undefined;
}

const threadsInWords = (count: number): string => `${count} thread${count === 1 ? '' : 's'}`;

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
