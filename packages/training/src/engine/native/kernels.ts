/**
 * This project's own operations for TensorFlow (packages/training/kernels), which the set-up compiles where it can.
 *
 * A convolution with pooling and ReLU takes a third to a half of the time that TensorFlow's operations take for it one
 * by one (docs/decisions/0019-own-kernels.md). They are probed like everything that may differ from machine to machine,
 * and TensorFlow's own operations do the work where they are missing.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { messageOf } from '@onegin/contracts';
import type { TensorFlowBinding } from './binding.ts';

/** The addon; loading it makes its operations known to the TensorFlow of this process. */
export interface Kernels {
  /** What they are compiled for that this processor has, the best first. */
  readonly instructionSets: readonly string[];
  /** Computes with another one than the best, in the whole process; for tests. */
  setInstructionSet(name: string): void;
  /** Threads that work on one operation. */
  setThreads(count: number): void;
}

const file = fileURLToPath(new URL('../../../kernels/build/onegin_kernels.node', import.meta.url));

/**
 * Loads the kernels into the TensorFlow that the binding has loaded.
 * @returns undefined on a GPU, which has its own, and a reason where they are not available
 */
export function loadKernels(binding: TensorFlowBinding): Kernels | { missing: string } | undefined {
  if (binding.isUsingGpuDevice()) return undefined;
  if (!existsSync(file)) return { missing: 'they are not built' };
  try {
    const kernels = createRequire(import.meta.url)(file) as Kernels;
    return kernels.instructionSets.length > 0
      ? kernels
      : { missing: 'this processor has none of the instruction sets that they are compiled for' };
  } catch (error) {
    return { missing: messageOf(error).split('\n')[0]! };
  }
}
