/**
 * The Parzen estimator of TPE: a mixture of products with one kernel per observation and one for the prior.
 *
 *   p(x) = Σ_k w_k · Π_j κ_kj(x_j)          k = 0 … n (n = prior)   j = axes
 *
 * Numeric axis of inner range [L, H], R = H − L (log space if log; half a step wider on a grid):
 *   centre μ_k = observation, width σ_k = larger gap to its sorted neighbours, the range's ends acting as
 *   neighbours; with two or more observations the outermost use their inner gap alone; clipped to
 *   [R/min(100, s(n+2)), R], s = 1 as in Optuna unless told otherwise. Prior: μ = mid-range, σ = R. All
 *   truncated to [L, H].
 *   On a grid κ is the mass of the cell x ± step/2, else the truncated density.
 * Categorical axis of C choices: (1/(n+1) + [c = seen]) / (1 + C/(n+1)); prior 1/C.
 *
 * Bergstra et al., "Algorithms for Hyper-Parameter Optimization", NeurIPS 2011, and "Making a Science of
 * Model Search", ICML 2013; kernel widths as Optuna 5 has them.
 */
import type { RandomStream } from '@onegin/contracts';
import { fromInner } from '../space-encoding.ts';
import type { Dimension } from '../space-encoding.ts';
import { CellMasses } from './cell-masses.ts';
import { LOG_SQRT_TWO_PI } from './normal-distribution.ts';
import { truncatedQuantile, truncationLogMass } from './truncated-normal.ts';

/** A kernel this far (ln) below the prior's share of the density adds less than 1e-19 of it. */
const NEGLIGIBLE = 45;

export interface ParzenOptions {
  /** Where the observations of an axis stand when sorted: positions in the list of observations. */
  readonly sorted?: (axis: number) => ArrayLike<number>;
  /** s: how many times narrower than Optuna's the narrowest kernel may be; default 1. */
  readonly sharpness?: number;
}

export class ParzenMixture {
  readonly #axes: readonly Dimension[];
  readonly #kernels: number;
  readonly #sharpness: number;
  /** kernel · axes + axis: centre; for categories the seen choice, −1 for the prior. */
  readonly #mu: Float64Array;
  readonly #sigma: Float64Array;
  /** ln of weight and of all normalising constants of the continuous axes. */
  readonly #base: Float64Array;
  readonly #weights: Float64Array;
  readonly #terms: Float64Array;
  readonly #cellMasses: readonly CellMasses[];
  readonly #continuous: readonly number[];
  readonly #grids: readonly number[];
  readonly #categories: readonly number[];

  /**
   * @param axes the dimensions that this mixture covers
   * @param observations values in the numbers of a row, one array per observation, one entry per axis
   * @param weights one per observation and last the prior's; any positive scale
   */
  constructor(
    axes: readonly Dimension[],
    observations: readonly ArrayLike<number>[],
    weights: ArrayLike<number>,
    { sorted, sharpness = 1 }: ParzenOptions = {},
  ) {
    const kernels = observations.length + 1;
    this.#axes = axes;
    this.#sharpness = sharpness;
    this.#kernels = kernels;
    this.#mu = new Float64Array(kernels * axes.length);
    this.#sigma = new Float64Array(kernels * axes.length);
    this.#terms = new Float64Array(kernels);
    this.#weights = normalised(weights, kernels);
    this.#base = this.#weights.map(Math.log);
    const indices = axes.map((_, axis) => axis);
    this.#continuous = indices.filter((axis) => !axes[axis]!.categorical && axes[axis]!.step === 0);
    this.#grids = indices.filter((axis) => !axes[axis]!.categorical && axes[axis]!.step > 0);
    this.#categories = indices.filter((axis) => axes[axis]!.categorical);
    this.#cellMasses = axes.map((dimension) => new CellMasses(dimension, kernels));
    axes.forEach((dimension, axis) => {
      if (dimension.categorical) this.#placeCategories(axis, observations);
      else this.#placeKernels(axis, observations, sorted?.(axis) ?? sortPositions(observations, axis));
    });
  }

  #placeCategories(axis: number, observations: readonly ArrayLike<number>[]): void {
    const width = this.#axes.length;
    for (let k = 0; k < observations.length; k++) this.#mu[k * width + axis] = observations[k]![axis]!;
    this.#mu[observations.length * width + axis] = -1;
  }

  #placeKernels(axis: number, observations: readonly ArrayLike<number>[], order: ArrayLike<number>): void {
    const dimension = this.#axes[axis]!;
    const { innerLow, innerHigh } = dimension;
    const range = innerHigh - innerLow;
    const count = observations.length;
    const narrowest = range / Math.min(100, this.#sharpness * (count + 2));
    const centre = (position: number): number => {
      const value = observations[order[position]!]![axis]!;
      return dimension.log ? Math.log(value) : value;
    };
    let before = innerLow;
    let here = count > 0 ? centre(0) : innerLow;
    for (let position = 0; position < count; position++) {
      const after = position + 1 < count ? centre(position + 1) : innerHigh;
      let gap = Math.max(here - before, after - here);
      if (count >= 2 && position === 0) gap = after - here;
      if (count >= 2 && position === count - 1) gap = here - before;
      this.#setKernel(order[position]!, axis, here, Math.min(range, Math.max(narrowest, gap)));
      before = here;
      here = after;
    }
    this.#setKernel(count, axis, 0.5 * (innerLow + innerHigh), range);
  }

  #setKernel(kernel: number, axis: number, mu: number, sigma: number): void {
    const { innerLow, innerHigh, step, cells } = this.#axes[axis]!;
    const place = kernel * this.#axes.length + axis;
    this.#mu[place] = mu;
    this.#sigma[place] = sigma;
    if (step > 0) this.#cellMasses[axis]!.add(kernel, mu, sigma);
    // A range of one value has no density to speak of.
    else if (cells > 1)
      this.#base[kernel]! -=
        LOG_SQRT_TWO_PI + Math.log(sigma) + truncationLogMass(mu, sigma, innerLow, innerHigh);
  }

  /** ln p(x) of a point given in the numbers of a row, one entry per axis. */
  logDensity(point: ArrayLike<number>): number {
    const terms = this.#terms;
    const inner = this.#axes.map((dimension, axis) =>
      dimension.log ? Math.log(point[axis]!) : point[axis]!,
    );
    const last = this.#kernels - 1;
    let largest = this.#kernelTerm(last, inner, point, -Infinity);
    terms[last] = largest;
    const floor = largest - NEGLIGIBLE;
    for (let k = 0; k < last; k++) {
      const term = this.#kernelTerm(k, inner, point, floor);
      terms[k] = term;
      if (term > largest) largest = term;
    }
    if (largest === -Infinity) return -Infinity;
    let sum = 0;
    for (let k = 0; k <= last; k++) {
      const below = terms[k]! - largest;
      if (below > -NEGLIGIBLE) sum += Math.exp(below);
    }
    return largest + Math.log(sum);
  }

  /** ln of one kernel's share; anything below `floor` may come back as −Infinity. */
  #kernelTerm(kernel: number, inner: readonly number[], point: ArrayLike<number>, floor: number): number {
    const offset = kernel * this.#axes.length;
    let term = this.#base[kernel]!;
    for (const axis of this.#continuous) {
      const z = (inner[axis]! - this.#mu[offset + axis]!) / this.#sigma[offset + axis]!;
      term -= 0.5 * z * z;
      if (term < floor) return -Infinity;
    }
    for (const axis of this.#categories) {
      const seen = this.#mu[offset + axis]!;
      const { cells } = this.#axes[axis]!;
      const smoothing = 1 / this.#kernels;
      if (seen < 0) term -= Math.log(cells);
      else term += Math.log((seen === point[axis] ? 1 + smoothing : smoothing) / (1 + cells * smoothing));
    }
    for (const axis of this.#grids) {
      if (term < floor) return -Infinity;
      term += this.#cellMasses[axis]!.log(kernel, point[axis]!);
    }
    return term;
  }

  /** One draw, in the numbers of a row: a kernel by weight, then each axis by inverse CDF. */
  sample(random: RandomStream): Float64Array {
    const kernel = pick(this.#weights, random.uniform());
    return Float64Array.from(this.#axes, (dimension, axis) => {
      const place = kernel * this.#axes.length + axis;
      if (dimension.categorical) return this.#sampleCategory(dimension, this.#mu[place]!, random.uniform());
      const { innerLow, innerHigh } = dimension;
      const u = random.uniform();
      return fromInner(
        dimension,
        truncatedQuantile(u, this.#mu[place]!, this.#sigma[place]!, innerLow, innerHigh),
      );
    });
  }

  #sampleCategory(dimension: Dimension, seen: number, u: number): number {
    const { cells } = dimension;
    if (seen < 0) return Math.min(cells - 1, Math.floor(u * cells));
    const smoothing = 1 / this.#kernels;
    const total = 1 + cells * smoothing;
    // The seen choice has the first share, all choices divide the rest.
    const rest = u * total - 1;
    return rest < 0 ? seen : Math.min(cells - 1, Math.floor(rest / smoothing));
  }
}

function normalised(weights: ArrayLike<number>, kernels: number): Float64Array {
  let sum = 0;
  for (let k = 0; k < kernels; k++) sum += weights[k]!;
  return Float64Array.from({ length: kernels }, (_, k) => weights[k]! / sum);
}

function sortPositions(observations: readonly ArrayLike<number>[], axis: number): number[] {
  const positions = observations.map((_, position) => position);
  return positions.sort((a, b) => observations[a]![axis]! - observations[b]![axis]! || a - b);
}

function pick(weights: Float64Array, u: number): number {
  let left = u;
  for (let k = 0; k < weights.length - 1; k++) {
    left -= weights[k]!;
    if (left < 0) return k;
  }
  return weights.length - 1;
}
