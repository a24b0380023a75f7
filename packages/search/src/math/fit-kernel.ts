/**
 * Kernel parameters of a Gaussian process by maximum a posteriori.
 *
 *   −ln p(y | X) = ½ yᵀ C⁻¹ y + ½ ln det C + n/2 ln 2π        C = K + ν I
 *   ∂/∂p = ½ tr((C⁻¹ − α αᵀ) ∂C/∂p)                            α = C⁻¹ y
 *
 * (Rasmussen & Williams 2006, equations 5.8 and 5.9.) Minimized over the logarithms of θ, s and ν − ν_min.
 * Priors: −0.1/θ − 0.1 θ per dimension, Gamma(2, 1) on s, Gamma(1.1, 30) on ν.
 */
import { CholeskyFactor } from './cholesky.ts';
import { matern52, matern52Slope, type KernelParameters } from './gaussian-process.ts';
import { minimizeInBox } from './lbfgsb.ts';

/** ν_min in units of the targets' variance: the matrix stays invertible, and small gains stay visible. */

const NOISE_FLOOR = 1e-8;
const LOG_LIMIT = 12;
const SMALLEST_LOG_NOISE = -20;

export interface KernelFit {
  readonly kernel: KernelParameters;
  /** Negative log posterior up to a constant. */
  readonly value: number;
}

/**
 * @param points one row per observation; categories as any number that differs
 * @param targets standardised values
 * @param categorical which dimensions are categories
 */
export function fitKernel(
  points: readonly Float64Array[],
  targets: ArrayLike<number>,
  categorical: ArrayLike<boolean>,
): KernelFit {
  const dimensions = categorical.length;
  const objective = new NegativeLogPosterior(points, targets, categorical);
  const start = new Float64Array(dimensions + 2);
  start[dimensions + 1] = Math.log(1e-3);
  const found = minimizeInBox(
    {
      evaluate: (x, gradient) => objective.evaluate(x, gradient),
      low: start.map((_, i) => (i === dimensions + 1 ? SMALLEST_LOG_NOISE : -LOG_LIMIT)),
      high: start.map(() => LOG_LIMIT),
    },
    start,
    { maxIterations: 60, gradientTolerance: 1e-2, valueTolerance: 1e-5 },
  );
  return { kernel: kernelOf(found.x, dimensions), value: found.value };
}

function kernelOf(logs: Float64Array, dimensions: number): KernelParameters {
  return {
    inverseSquares: logs.slice(0, dimensions).map(Math.exp),
    scale: Math.exp(logs[dimensions]!),
    noise: Math.exp(logs[dimensions + 1]!) + NOISE_FLOOR,
  };
}

export class NegativeLogPosterior {
  readonly #targets: Float64Array;
  readonly #size: number;
  readonly #dimensions: number;
  /** δ of all pairs i > j, one array per dimension. */
  readonly #gaps: readonly Float64Array[];

  constructor(points: readonly Float64Array[], targets: ArrayLike<number>, categorical: ArrayLike<boolean>) {
    this.#targets = Float64Array.from(targets);
    this.#size = points.length;
    this.#dimensions = categorical.length;
    const pairs = (points.length * (points.length - 1)) / 2;
    this.#gaps = Array.from({ length: this.#dimensions }, (_, d) => {
      const gaps = new Float64Array(pairs);
      let pair = 0;
      for (let i = 0; i < points.length; i++)
        for (let j = 0; j < i; j++) {
          const gap = points[i]![d]! - points[j]![d]!;
          gaps[pair++] = categorical[d] ? Number(gap !== 0) : gap * gap;
        }
      return gaps;
    });
  }

  /** @param logs ln θ_1 … ln θ_D, ln s, ln(ν − ν_min) */
  evaluate(logs: Float64Array, gradient: Float64Array): number {
    const { inverseSquares, scale, noise } = kernelOf(logs, this.#dimensions);
    const n = this.#size;
    const squared = new Float64Array((n * (n - 1)) / 2);
    this.#gaps.forEach((gaps, d) => {
      const theta = inverseSquares[d]!;
      for (let pair = 0; pair < gaps.length; pair++) squared[pair]! += theta * gaps[pair]!;
    });
    const factor = this.#factor(squared, scale, noise);
    gradient.fill(0);
    if (!factor) return Infinity;
    const alpha = factor.solveUpper(factor.solveLower(this.#targets.slice()));
    let value = 0.5 * factor.logDeterminant();
    for (let i = 0; i < n; i++) value += 0.5 * this.#targets[i]! * alpha[i]!;
    this.#addLikelihoodGradient(factor.inverse(), alpha, squared, { inverseSquares, scale, noise }, gradient);
    return value + addPriors({ inverseSquares, scale, noise }, gradient);
  }

  #factor(squared: Float64Array, scale: number, noise: number): CholeskyFactor | undefined {
    const factor = new CholeskyFactor(this.#size);
    const row = new Float64Array(this.#size);
    let pair = 0;
    for (let i = 0; i < this.#size; i++) {
      for (let j = 0; j < i; j++) row[j] = scale * matern52(squared[pair++]!);
      row[i] = scale + noise;
      if (!factor.append(row)) return undefined;
    }
    return factor;
  }

  #addLikelihoodGradient(
    inverse: Float64Array,
    alpha: Float64Array,
    squared: Float64Array,
    { inverseSquares, scale, noise }: KernelParameters,
    gradient: Float64Array,
  ): void {
    const n = this.#size;
    const slopes = new Float64Array(squared.length);
    let byScale = 0;
    let trace = 0;
    let pair = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++, pair++) {
        // Twice ½, because a pair stands twice in the matrix.
        const weight = inverse[i * n + j]! - alpha[i]! * alpha[j]!;
        byScale += weight * matern52(squared[pair]!);
        slopes[pair] = weight * matern52Slope(squared[pair]!);
      }
      trace += 0.5 * (inverse[i * n + i]! - alpha[i]! * alpha[i]!);
    }
    this.#gaps.forEach((gaps, d) => {
      let sum = 0;
      for (let p = 0; p < gaps.length; p++) sum += slopes[p]! * gaps[p]!;
      gradient[d]! += sum * scale * inverseSquares[d]!;
    });
    gradient[this.#dimensions]! += (byScale + trace) * scale;
    gradient[this.#dimensions + 1]! += trace * (noise - NOISE_FLOOR);
  }
}

function addPriors({ inverseSquares, scale, noise }: KernelParameters, gradient: Float64Array): number {
  let value = 0;
  inverseSquares.forEach((theta, d) => {
    value += 0.1 / theta + 0.1 * theta;
    gradient[d]! += -0.1 / theta + 0.1 * theta;
  });
  const dimensions = inverseSquares.length;
  value += scale - Math.log(scale);
  gradient[dimensions]! += scale - 1;
  value += 30 * noise - 0.1 * Math.log(noise);
  gradient[dimensions + 1]! += (30 - 0.1 / noise) * (noise - NOISE_FLOOR);
  return value;
}
