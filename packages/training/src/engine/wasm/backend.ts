/**
 * tfjs on its WebAssembly backend, and a window onto its heap.
 *
 * Where tfjs has no kernel, a wrong one (MaxPoolGrad) or a slow one, the engine computes in
 * JavaScript on the heap's own memory, or by other kernels.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths, type BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { messageOf, OneginError } from '@onegin/contracts';
import type { Tensor } from '../engine.ts';

export { tf };

let opened: Promise<void> | undefined;

/** Starts the backend once per process. */
export function openBackend(): Promise<void> {
  opened ??= open();
  return opened;
}

async function open(): Promise<void> {
  const require = createRequire(import.meta.url);
  setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
  if (!(await tf.setBackend('wasm')))
    throw new OneginError('engine-unavailable', 'The WebAssembly engine did not start.');
}

/** The tfjs tensor behind the opaque type. */
export function own(tensor: Tensor): tf.Tensor {
  if (tensor instanceof tf.Tensor) return tensor;
  throw new TypeError('expected a tensor of the wasm engine');
}

/**
 * The tensor's values in the heap, without a copy. Valid until the next tensor is made, which may move the heap: read
 * all views after all tensors, and put results into arrays of your own.
 */
export function view(tensor: Tensor): Float32Array {
  return (tf.backend() as BackendWasm).typedArrayFromHeap(own(tensor)) as Float32Array;
}

export function idView(tensor: Tensor): Int32Array {
  return (tf.backend() as BackendWasm).typedArrayFromHeap(own(tensor)) as Int32Array;
}

/** A float tensor of the values. */
export const tensor = (values: Float32Array, shape: readonly number[]): tf.Tensor =>
  guarded(() => tf.tensor(values, [...shape], 'float32'));

/** Runs tfjs code, and tells running out of memory from other errors. */
export function guarded<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const message = messageOf(error);
    if (error instanceof RangeError || /memory|malloc|alloc/i.test(message))
      throw new OneginError('out-of-memory', `The WebAssembly engine ran out of memory: ${message}`, {
        cause: error,
      });
    throw error;
  }
}
