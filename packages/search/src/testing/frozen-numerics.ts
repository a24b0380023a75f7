/** Reference values for the numerics' specs, and how near a value comes to its own. */
import { readFileSync } from 'node:fs';

interface FrozenNumerics {
  normal: { x: number[]; cdf: number[]; logCdf: number[]; erf: number[]; erfc: number[]; erfcx: number[] };
  quantile: { p: number[]; x: number[] };
  logMass: { a: number; b: number; value: number }[];
  truncated: {
    mu: number;
    sigma: number;
    low: number;
    high: number;
    u: number;
    x: number;
    logDensity: number;
  }[];
  logShape: { z: number[]; value: number[] };
  matrix: {
    n: number;
    a: number[];
    b: number[];
    factor: number[];
    solution: number[];
    inverse: number[];
    logDeterminant: number;
    eigenvalues: number[];
  };
  process: {
    points: number[][];
    targets: number[];
    inverseSquares: number[];
    scale: number;
    noise: number;
    queries: number[][];
    mean: number[];
    variance: number[];
    negativeLogPosterior: number;
  };
  box: { low: number[]; high: number[]; start: number[]; x: number[]; value: number }[];
  sobol: { dimensions: number; points: number[][] };
  hypervolume: { points: number[][]; reference: number[]; value: number }[];
}

export const frozenNumerics = JSON.parse(
  readFileSync(new URL('./frozen/numerics.json', import.meta.url), 'utf8'),
) as FrozenNumerics;

/** The largest |a − b| / max(1, |b|) or, below 1, relative to b where `relative`. */
export function largestError(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  relative = false,
): number {
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const size = relative ? Math.abs(expected[i]!) || 1 : Math.max(1, Math.abs(expected[i]!));
    largest = Math.max(largest, Math.abs(actual[i]! - expected[i]!) / size);
  }
  return largest;
}
