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
import { fromInner, type Dimension } from '../space-encoding.ts';
import { CellMasses } from './cell-masses.ts';
import { addDistances, categoricalAxis, forEachWidth, type KernelAxis } from './kernel-axis.ts';
import { LOG_SQRT_TWO_PI } from './normal-distribution.ts';
import { truncatedQuantile, truncationLogMass } from './truncated-normal.ts';

/** A kernel this far (ln) below the largest adds less than 1e-15 of it. */
const NEGLIGIBLE = 36;
/** From here on it pays to look at some kernels before all. */
const MANY_KERNELS = 1000;
/** With this many widths to either end of the range, a kernel loses nothing to the truncation. */
const NO_TAIL = 8.3;

export interface ParzenOptions {
  /** Where the observations of an axis stand when sorted: positions in the list of observations. */
  readonly sorted?: (axis: number) => ArrayLike<number>;
  /** s: how many times narrower than Optuna's the narrowest kernel may be; default 1. */
  readonly sharpness?: number;
}

export class ParzenMixture {
  readonly #axes: readonly KernelAxis[];
  readonly #kernels: number;
  /** ln of weight and of all normalising constants of the continuous axes. */
  readonly #base: Float64Array;
  readonly #weights: Float64Array;
  readonly #terms: Float64Array;
  /** Axes with a density (neither grid nor categories), two by two. */
  readonly #pairs: readonly (readonly KernelAxis[])[];

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
    this.#axes = dimensions.map((dimension, axis) => {
      const centres = columns[axis]!;
      if (dimension.categorical) return categoricalAxis(dimension, axis, centres);
      const order = sorted?.(axis) ?? sortPositions(centres);
      return this.#numericAxis(dimension, axis, centres, order, sharpness);
    });
    const dense = this.#axes.filter(({ dimension }) => dimension.step === 0);
    this.#pairs = dense.flatMap((_, i) => (i % 2 === 0 ? [dense.slice(i, i + 2)] : []));
  }

  #numericAxis(
    dimension: Dimension,
    place: number,
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
    const axis = { dimension, place, centres, sharp: new Float64Array(count + 1), cells: masses };
    const narrowConstant = LOG_SQRT_TWO_PI + Math.log(narrowest);
    const put = (kernel: number, sigma: number): void => {
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
      put(kernel, Math.min(range, Math.max(narrowest, gap))),
    );
    put(count, range);
    return axis;
  }

  /**
   * ln p(x) of a point given in the numbers of a row, one entry per axis.
   * @param enough where it is sure that ln p(x) is at least this, any number from this to ln p(x) may be returned
   */
  logDensity(point: ArrayLike<number>, enough = Infinity): number {
    const kernels = this.#kernels;
    // The newest kernels stand where the search is now: often they alone say enough.
    const newest = enough < Infinity && kernels > MANY_KERNELS ? kernels - (kernels >> 3) : 0;
    const inner = this.#axes.map(({ dimension }, axis) =>
      dimension.log ? Math.log(point[axis]!) : point[axis]!,
    );
    const first = this.#logSum(point, inner, newest, kernels, -Infinity, enough);
    if (newest === 0 || first >= enough) return first;
    const older = this.#logSum(point, inner, 0, newest, first, Infinity);
    const [larger, smaller] = older > first ? [older, first] : [first, older];
    return smaller === -Infinity ? larger : larger + Math.log1p(Math.exp(smaller - larger));
  }

  /** ln of the sum of the kernels from … to − 1; terms far below `known` don't count. */
  #logSum(
    point: ArrayLike<number>,
    inner: readonly number[],
    from: number,
    to: number,
    known: number,
    enough: number,
  ): number {
    const terms = this.#terms;
    for (let k = from; k < to; k++) terms[k] = this.#base[k]!;
    for (const axis of this.#axes)
      if (axis.dimension.categorical) this.#addCategory(axis, point[axis.place]!, from, to);
    for (const pair of this.#pairs) addDistances(terms, pair, inner, from, to);
    let largest = known;
    // Masses of cells are dear, and only ever make a term smaller: those far below another are left out.
    for (let k = to - 1; k >= from; k--) {
      if (terms[k]! < largest - NEGLIGIBLE) continue;
      terms[k]! += this.#cellTerm(k, point);
      if (terms[k]! > largest) largest = terms[k]!;
    }
    // One kernel alone is a lower bound, and the sum over all is dear.
    if (largest === -Infinity || largest >= enough) return largest;
    let sum = 0;
    const least = largest - NEGLIGIBLE;
    for (let k = from; k < to; k++) if (terms[k]! > least) sum += Math.exp(terms[k]! - largest);
    return sum > 0 ? largest + Math.log(sum) : -Infinity;
  }

  #addCategory({ dimension, centres }: KernelAxis, choice: number, from: number, to: number): void {
    const terms = this.#terms;
    const smoothing = 1 / this.#kernels;
    const total = 1 + dimension.cells * smoothing;
    const hit = Math.log((1 + smoothing) / total);
    const miss = Math.log(smoothing / total);
    for (let k = from; k < to; k++) terms[k]! += centres[k] === choice ? hit : miss;
    const prior = this.#kernels - 1;
    if (to > prior) terms[prior]! -= Math.log(dimension.cells) + miss;
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
