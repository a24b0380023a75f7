/** For specs of this project's kernels: the addon, whose settings they turn, and TensorFlow's operations beside it. */
import { expect } from '@jest/globals';
import type { Engine } from '../engine/engine.ts';
import { findBinding, loadBinding, type TensorFlowBinding } from '../engine/native/binding.ts';
import { loadKernels, type Kernels } from '../engine/native/kernels.ts';
import { createNativeEngine } from '../engine/native/native-engine.ts';

export function nativeBinding(): TensorFlowBinding {
  const found = findBinding('@tensorflow/tfjs-node');
  if ('missing' in found) throw new Error(found.missing);
  return loadBinding(found.path);
}

/** The set-up builds them wherever it can: where specs run, they have to be here. */
export function ownKernels(): Kernels {
  const kernels = loadKernels(nativeBinding());
  if (!kernels || 'missing' in kernels)
    throw new Error(`expected this project's kernels, found none: ${kernels?.missing ?? 'this is a GPU'}`);
  return kernels;
}

/** An engine on TensorFlow's own operations. */
export const withoutOwnKernels = (): Engine =>
  createNativeEngine({ binding: nativeBinding(), threads: { kernels: 1, tensorflow: 1 } });

/** Expects tensors to differ by at most `tolerance` of each one's largest value. */
export function expectClose(
  found: readonly Float32Array[],
  expected: readonly Float32Array[],
  tolerance: number,
): void {
  expect(found.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  expected.forEach((values, i) => {
    const scale = values.reduce((top, value) => Math.max(top, Math.abs(value)), 1e-3);
    const worst = values.reduce((top, value, at) => Math.max(top, Math.abs(value - found[i]![at]!)), 0);
    expect(worst / scale).toBeLessThan(tolerance);
  });
}
