/**
 * Masses of truncated normal kernels over the cells of a grid:
 *
 *   ln(Φ((b−μ)/σ) − Φ((a−μ)/σ)) − ln Z   for the cell [a, b] = x ± step/2 (its logarithms if log)
 *
 * Observations on a grid repeat, so most kernels are alike; each different one is computed once per cell.
 */
import type { Dimension } from '../space-encoding.ts';
import { normalLogMass } from './normal-distribution.ts';
import { truncationLogMass } from './truncated-normal.ts';

export class CellMasses {
  readonly #dimension: Dimension;
  /** Which of the different kernels each kernel is. */
  readonly #kinds: Int32Array;
  readonly #mus: number[] = [];
  readonly #sigmas: number[] = [];
  readonly #normalisers: number[] = [];
  readonly #masses = new Map<number, Float64Array>();

  constructor(dimension: Dimension, kernels: number) {
    this.#dimension = dimension;
    this.#kinds = new Int32Array(dimension.step > 0 && !dimension.categorical ? kernels : 0);
  }

  /** Kernels are best added in sorted order: equal neighbours are recognised. */
  add(kernel: number, mu: number, sigma: number): void {
    const last = this.#mus.length - 1;
    const before = last - 1;
    let kind = last;
    // Among equal centres the outermost differ in width, so the last but one is looked at too.
    if (this.#mus[last] !== mu || this.#sigmas[last] !== sigma) {
      kind = before;
      if (this.#mus[before] !== mu || this.#sigmas[before] !== sigma) kind = this.#addKind(mu, sigma);
    }
    this.#kinds[kernel] = kind;
  }

  #addKind(mu: number, sigma: number): number {
    const { innerLow, innerHigh } = this.#dimension;
    this.#mus.push(mu);
    this.#sigmas.push(sigma);
    return this.#normalisers.push(truncationLogMass(mu, sigma, innerLow, innerHigh)) - 1;
  }

  /** ln of the kernel's share in the cell of a value. All kernels must have been added. */
  log(kernel: number, value: number): number {
    let masses = this.#masses.get(value);
    if (!masses) this.#masses.set(value, (masses = new Float64Array(this.#mus.length).fill(NaN)));
    const kind = this.#kinds[kernel]!;
    const known = masses[kind]!;
    if (!Number.isNaN(known)) return known;
    const { log, step } = this.#dimension;
    const mu = this.#mus[kind]!;
    const sigma = this.#sigmas[kind]!;
    const low = log ? Math.log(value - step / 2) : value - step / 2;
    const high = log ? Math.log(value + step / 2) : value + step / 2;
    const mass = normalLogMass((low - mu) / sigma, (high - mu) / sigma) - this.#normalisers[kind]!;
    masses[kind] = mass;
    return mass;
  }
}
