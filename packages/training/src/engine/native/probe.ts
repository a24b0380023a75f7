/** What is tried once at start, before it is relied on: operations that not every TensorFlow or machine has. */
import type { Tensor } from '../engine.ts';
import type { Executor, NativeTensor } from './executor.ts';

/** The probe's answer; false where it cannot even be asked. */
export function works(probe: () => boolean): boolean {
  try {
    return probe();
  } catch {
    // An unknown operation or attribute: this TensorFlow has no such kernel.
    return false;
  }
}

/** Values from -0.3 to 0.7 that look random; few levels make ties. */
export function ramp(x: Executor, shape: number[], levels: number): NativeTensor {
  const size = shape.reduce((p, q) => p * q, 1);
  return x.tensor(
    Float32Array.from({ length: size }, (_, i) => ((i * 7919) % levels) / levels - 0.3),
    shape,
  );
}

/** Whether two tensors differ by at most `tolerance`, as a share of the largest value where that is above 1. */
export function same(x: Executor, p: Tensor, q: Tensor, tolerance: number): boolean {
  const expected = x.values(p);
  const found = x.values(q);
  const bound = tolerance * expected.reduce((top, value) => Math.max(top, Math.abs(value)), 1);
  return expected.length === found.length && expected.every((v, i) => Math.abs(v - found[i]!) <= bound);
}
