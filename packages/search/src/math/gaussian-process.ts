/**
 * Gaussian process regression with a Matérn-5/2 kernel and one lengthscale per dimension.
 *
 *   r² = Σ_d θ_d δ_d(x, x')     δ = (x_d − x'_d)² for numbers, [x_d ≠ x'_d] for categories
 *   k(x, x') = s (1 + √5 r + 5/3 r²) exp(−√5 r)
 *   mean m(x) = k(x)ᵀ α          α = (K + ν I)⁻¹ y
 *   variance v(x) = s − k(x)ᵀ (K + ν I)⁻¹ k(x)
 *
 * Rasmussen & Williams, "Gaussian Processes for Machine Learning", 2006, equations 2.25, 2.26 and 4.17.
 */
import { CholeskyFactor } from './cholesky.ts';

export interface KernelParameters {
  /** θ: inverse squared lengthscales. */
  readonly inverseSquares: Float64Array;
  /** s: variance of the function. */
  readonly scale: number;
  /** ν: variance of the noise. */
  readonly noise: number;
}

export interface Prediction {
  mean: number;
  variance: number;
}

const SQRT5 = Math.sqrt(5);
/** Keeps the variance at an observation above 0, where its square root is taken. */
const SMALLEST_VARIANCE = 1e-14;
/** Noise of a single point, as a share of the scale, that is tried where the factor fails. */
const JITTERS = [0, 1e-8, 1e-6, 1e-4];

/** Matérn-5/2 shape at squared distance r², for scale 1. */
export function matern52(squared: number): number {
  const r = SQRT5 * Math.sqrt(squared);
  return (1 + r + (5 / 3) * squared) * Math.exp(-r);
}

/** Its derivative by r². */
export function matern52Slope(squared: number): number {
  const r = SQRT5 * Math.sqrt(squared);
  return (-5 / 6) * (1 + r) * Math.exp(-r);
}

export class GaussianProcess {
  readonly kernel: KernelParameters;
  /** Which dimensions are categories. */
  readonly #categorical: ArrayLike<boolean>;
  readonly #points: Float64Array[] = [];
  readonly #factor: CholeskyFactor;
  #alpha = new Float64Array(0);
  #k = new Float64Array(0);
  #work = new Float64Array(0);

  constructor(kernel: KernelParameters, categorical: ArrayLike<boolean>, capacity = 16) {
    this.kernel = kernel;
    this.#categorical = categorical;
    this.#factor = new CholeskyFactor(capacity);
  }

  get points(): readonly Float64Array[] {
    return this.#points;
  }

  /**
   * Adds an observed point; targets must be set again after. A point too near to others for the arithmetic gets
   * more noise of its own. Throws where that doesn't help either (values that are not numbers).
   */
  add(point: Float64Array): void {
    const n = this.#points.length;
    const row = new Float64Array(n + 1);
    for (let i = 0; i < n; i++) row[i] = this.#covariance(point, this.#points[i]!);
    const added = JITTERS.some((jitter) => {
      row[n] = this.kernel.scale * (1 + jitter) + this.kernel.noise;
      return this.#factor.append(row);
    });
    if (!added) throw new Error('the covariance matrix is not positive definite');
    this.#points.push(point);
  }

  /** Forgets the points from the given count on. */
  truncate(count: number): void {
    this.#points.length = Math.min(this.#points.length, count);
    this.#factor.truncate(this.#points.length);
  }

  /** Another process with the first `count` of these points; targets must be set. */
  withKernel(kernel: KernelParameters, count: number): GaussianProcess {
    const other = new GaussianProcess(kernel, this.#categorical, count + 16);
    for (const point of this.#points.slice(0, count)) other.add(point);
    return other;
  }

  /** Targets of all points, about zero mean. */
  setTargets(targets: ArrayLike<number>): void {
    const n = this.#points.length;
    this.#alpha = Float64Array.from({ length: n }, (_, i) => targets[i]!);
    this.#factor.solveUpper(this.#factor.solveLower(this.#alpha));
    this.#k = new Float64Array(n);
    this.#work = new Float64Array(n);
  }

  /** m at an observed point: its target less what is taken for noise. */
  fittedTarget(index: number, target: number): number {
    return target - this.kernel.noise * this.#alpha[index]!;
  }

  mean(x: ArrayLike<number>): number {
    let sum = 0;
    for (let i = 0; i < this.#alpha.length; i++)
      sum += this.#alpha[i]! * this.#covariance(x, this.#points[i]!);
    return sum;
  }

  predict(x: ArrayLike<number>, out: Prediction = { mean: 0, variance: 0 }): Prediction {
    const n = this.#alpha.length;
    const k = this.#k;
    let mean = 0;
    for (let i = 0; i < n; i++) {
      k[i] = this.#covariance(x, this.#points[i]!);
      mean += k[i]! * this.#alpha[i]!;
    }
    this.#factor.solveLower(k);
    let explained = 0;
    for (let i = 0; i < n; i++) explained += k[i]! * k[i]!;
    out.mean = mean;
    out.variance = Math.max(SMALLEST_VARIANCE, this.kernel.scale - explained);
    return out;
  }

  /**
   * Also writes the derivatives of mean and variance by the listed (numeric) dimensions of x, in that order.
   */
  predictWithGradient(
    x: ArrayLike<number>,
    dimensions: readonly number[],
    meanGradient: Float64Array,
    varianceGradient: Float64Array,
  ): Prediction {
    const n = this.#alpha.length;
    const k = this.#k;
    let mean = 0;
    for (let i = 0; i < n; i++) {
      const squared = this.#squaredDistance(x, this.#points[i]!);
      k[i] = this.kernel.scale * matern52(squared);
      this.#work[i] = this.kernel.scale * matern52Slope(squared);
      mean += k[i]! * this.#alpha[i]!;
    }
    this.#factor.solveLower(k);
    let explained = 0;
    for (let i = 0; i < n; i++) explained += k[i]! * k[i]!;
    this.#factor.solveUpper(k);
    dimensions.forEach((d, place) => {
      const theta = this.kernel.inverseSquares[d]!;
      let byMean = 0;
      let byVariance = 0;
      for (let i = 0; i < n; i++) {
        const slope = this.#work[i]! * 2 * theta * (x[d]! - this.#points[i]![d]!);
        byMean += slope * this.#alpha[i]!;
        byVariance += slope * k[i]!;
      }
      meanGradient[place] = byMean;
      varianceGradient[place] = -2 * byVariance;
    });
    return { mean, variance: Math.max(SMALLEST_VARIANCE, this.kernel.scale - explained) };
  }

  #covariance(a: ArrayLike<number>, b: ArrayLike<number>): number {
    return this.kernel.scale * matern52(this.#squaredDistance(a, b));
  }

  #squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
    const { inverseSquares } = this.kernel;
    let sum = 0;
    for (let d = 0; d < inverseSquares.length; d++) {
      const gap = a[d]! - b[d]!;
      if (gap !== 0) sum += inverseSquares[d]! * (this.#categorical[d] ? 1 : gap * gap);
    }
    return sum;
  }
}
