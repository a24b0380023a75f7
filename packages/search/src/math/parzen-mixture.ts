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

/** A kernel this far (ln) below the largest adds less than 1e-15 of it. */
const NEGLIGIBLE = 36;
/** With this many widths to either end of the range, a kernel loses nothing to the truncation. */
const NO_TAIL = 8.3;

export interface ParzenOptions {
  /** Where the observations of an axis stand when sorted: positions in the list of observations. */
  readonly sorted?: (axis: number) => ArrayLike<number>;
  /** s: how many times narrower than Optuna's the narrowest kernel may be; default 1. */
  readonly sharpness?: number;
}

/** One axis of all kernels; arrays of one entry per kernel, so that evaluation runs along them. */
interface KernelAxis {
  readonly dimension: Dimension;
  /** Centre; for categories the seen choice, −1 for the prior. */
  readonly centres: Float64Array;
  /** 1/σ; empty for categories. */
  readonly sharp: Float64Array;
  readonly cells: CellMasses | undefined;
}

export class ParzenMixture {
  readonly #axes: readonly KernelAxis[];
  readonly #kernels: number;
  /** ln of weight and of all normalising constants of the continuous axes. */
  readonly #base: Float64Array;
  readonly #weights: Float64Array;
  readonly #terms: Float64Array;
  /** Axes with a density, neither grid nor categories. */
  readonly #continuous: readonly number[];

  /**
   * @param dimensions the axes that this mixture covers
   * @param columns per axis one value per observation, in the numbers of a row, and one free place at the end;
   *   the mixture keeps the arrays and works in them
   * @param weights one per observation and last the prior's; any positive scale
   */
  constructor(
    dimensions: readonly Dimension[],
    columns: readonly Float64Array[],
    weights: ArrayLike<number>,
    { sorted, sharpness = 1 }: ParzenOptions = {},
  ) {
    const kernels = columns[0]!.length;
    this.#kernels = kernels;
    this.#terms = new Float64Array(kernels);
    this.#weights = normalised(weights, kernels);
    this.#base = this.#weights.map(Math.log);
    this.#continuous = dimensions.flatMap(({ categorical, step }, axis) =>
      categorical || step > 0 ? [] : [axis],
    );
    this.#axes = dimensions.map((dimension, axis) => {
      const centres = columns[axis]!;
      if (dimension.categorical) return categoricalAxis(dimension, centres);
      return this.#numericAxis(dimension, centres, sorted?.(axis) ?? sortPositions(centres), sharpness);
    });
  }

  #numericAxis(
    dimension: Dimension,
    centres: Float64Array,
    order: ArrayLike<number>,
    sharpness: number,
  ): KernelAxis {
    const { innerLow, innerHigh, log, step, cells } = dimension;
    const count = centres.length - 1;
    const range = innerHigh - innerLow;
    const narrowest = range / Math.min(100, sharpness * (count + 2));
    if (log) for (let i = 0; i < count; i++) centres[i] = Math.log(centres[i]!);
    centres[count] = 0.5 * (innerLow + innerHigh);
    const masses = step > 0 ? new CellMasses(dimension, count + 1) : undefined;
    const axis = { dimension, centres, sharp: new Float64Array(count + 1), cells: masses };
    const narrowConstant = LOG_SQRT_TWO_PI + Math.log(narrowest);
    const place = (kernel: number, sigma: number): void => {
      axis.sharp[kernel] = 1 / sigma;
      const mu = centres[kernel]!;
      if (masses) masses.add(kernel, mu, sigma);
      // A range of one value has no density to speak of.
      else if (cells > 1) {
        const plain = sigma === narrowest ? narrowConstant : LOG_SQRT_TWO_PI + Math.log(sigma);
        const whole = mu - innerLow > NO_TAIL * sigma && innerHigh - mu > NO_TAIL * sigma;
        this.#base[kernel]! -= whole ? plain : plain + truncationLogMass(mu, sigma, innerLow, innerHigh);
      }
    };
    forEachWidth(centres, order, innerLow, innerHigh, (kernel, gap) =>
      place(kernel, Math.min(range, Math.max(narrowest, gap))),
    );
    place(count, range);
    return axis;
  }

  /**
   * ln p(x) of a point given in the numbers of a row, one entry per axis.
   * @param enough where it is sure that ln p(x) is at least this, any number from this to ln p(x) may be returned
   */
  logDensity(point: ArrayLike<number>, enough = Infinity): number {
    const terms = this.#terms;
    terms.set(this.#base);
    this.#axes.forEach((axis, place) => {
      if (axis.dimension.categorical) this.#addCategory(axis, point[place]!);
    });
    for (let i = 0; i < this.#continuous.length; i += 2) {
      const places = this.#continuous.slice(i, i + 2);
      const inner = places.map((place) =>
        this.#axes[place]!.dimension.log ? Math.log(point[place]!) : point[place]!,
      );
      addDistances(
        terms,
        places.map((place) => this.#axes[place]!),
        inner,
      );
    }
    // Masses of cells are dear, and only ever make a term smaller: those far below the prior's are left out.
    const last = this.#kernels - 1;
    const prior = terms[last]! + this.#cellTerm(last, point);
    const floor = prior - NEGLIGIBLE;
    let largest = prior;
    for (let k = 0; k < last; k++) {
      if (terms[k]! < floor) continue;
      terms[k]! += this.#cellTerm(k, point);
      if (terms[k]! > largest) largest = terms[k]!;
    }
    terms[last] = prior;
    // One kernel alone is a lower bound, and the sum over all is the dear part.
    if (largest === -Infinity || largest >= enough) return largest;
    let sum = 0;
    const least = largest - NEGLIGIBLE;
    for (let k = 0; k <= last; k++) if (terms[k]! > least) sum += Math.exp(terms[k]! - largest);
    return largest + Math.log(sum);
  }

  #addCategory({ dimension, centres }: KernelAxis, choice: number): void {
    const terms = this.#terms;
    const last = this.#kernels - 1;
    const smoothing = 1 / this.#kernels;
    const total = 1 + dimension.cells * smoothing;
    const hit = Math.log((1 + smoothing) / total);
    const miss = Math.log(smoothing / total);
    for (let k = 0; k < last; k++) terms[k]! += centres[k] === choice ? hit : miss;
    terms[last]! -= Math.log(dimension.cells);
  }

  #cellTerm(kernel: number, point: ArrayLike<number>): number {
    let term = 0;
    for (let axis = 0; axis < this.#axes.length; axis++)
      term += this.#axes[axis]!.cells?.log(kernel, point[axis]!) ?? 0;
    return term;
  }

  /** One draw, in the numbers of a row: a kernel by weight, then each axis by inverse CDF. */
  sample(random: RandomStream): Float64Array {
    const kernel = pick(this.#weights, random.uniform());
    return Float64Array.from(this.#axes, ({ dimension, centres, sharp }) => {
      const u = random.uniform();
      const centre = centres[kernel]!;
      if (dimension.categorical) return this.#sampleCategory(dimension, centre, u);
      const { innerLow, innerHigh } = dimension;
      return fromInner(dimension, truncatedQuantile(u, centre, 1 / sharp[kernel]!, innerLow, innerHigh));
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

function categoricalAxis(dimension: Dimension, centres: Float64Array): KernelAxis {
  centres[centres.length - 1] = -1;
  return { dimension, centres, sharp: new Float64Array(0), cells: undefined };
}

/** Takes ½ z² of one or two axes from all terms; two at once halve the way through memory. */
function addDistances(terms: Float64Array, axes: readonly KernelAxis[], inner: readonly number[]): void {
  const [first, second] = axes;
  const x = inner[0]!;
  const { centres, sharp } = first!;
  if (!second) {
    for (let k = 0; k < terms.length; k++) {
      const z = (x - centres[k]!) * sharp[k]!;
      terms[k]! -= 0.5 * z * z;
    }
    return;
  }
  const x2 = inner[1]!;
  const { centres: centres2, sharp: sharp2 } = second;
  for (let k = 0; k < terms.length; k++) {
    const z = (x - centres[k]!) * sharp[k]!;
    const z2 = (x2 - centres2[k]!) * sharp2[k]!;
    terms[k]! -= 0.5 * (z * z + z2 * z2);
  }
}

/** Calls back with each observation and the larger gap to its neighbours. */
function forEachWidth(
  centres: Float64Array,
  order: ArrayLike<number>,
  low: number,
  high: number,
  found: (kernel: number, gap: number) => void,
): void {
  const count = order.length;
  let before = low;
  let here = count > 0 ? centres[order[0]!]! : low;
  for (let position = 0; position < count; position++) {
    const after = position + 1 < count ? centres[order[position + 1]!]! : high;
    let gap = Math.max(here - before, after - here);
    if (count >= 2 && position === 0) gap = after - here;
    if (count >= 2 && position === count - 1) gap = here - before;
    found(order[position]!, gap);
    before = here;
    here = after;
  }
}

function sortPositions(column: Float64Array): Int32Array {
  const positions = Int32Array.from({ length: column.length - 1 }, (_, position) => position);
  return positions.sort((a, b) => column[a]! - column[b]! || a - b);
}

function pick(weights: Float64Array, u: number): number {
  let left = u;
  for (let k = 0; k < weights.length - 1; k++) {
    left -= weights[k]!;
    if (left < 0) return k;
  }
  return weights.length - 1;
}
