/**
 * CMA-ES: one generation after another of a normal distribution N(m, σ² A C A), A a diagonal (see margin.ts).
 *
 *   m ← m + σ A ⟨y⟩_w                 y_i = A⁻¹(x_i − m)/σ,  ⟨y⟩_w = Σ w_i y_{i:λ} over the better half
 *   p_σ ← (1−c_σ) p_σ + √(c_σ(2−c_σ)μ_w) C^{−½}⟨y⟩_w       σ ← σ exp((c_σ/d_σ)(‖p_σ‖/E‖N(0,I)‖ − 1))
 *   p_c ← (1−c_c) p_c + h_σ √(c_c(2−c_c)μ_w) ⟨y⟩_w
 *   C ← (1−c_1−c_μ) C + c_1 p_c p_cᵀ + c_μ Σ w_i y_i y_iᵀ
 *
 * N. Hansen, "The CMA Evolution Strategy: A Tutorial", 2016, equations 5 to 55. Points that were not drawn from
 * this distribution are shortened before they count (Hansen, "Injecting External Solutions into CMA-ES", 2011).
 */
import { symmetricEigen } from '../../math/symmetric-eigen.ts';

export interface EvolutionState {
  readonly mean: Float64Array;
  readonly sigma: number;
  /** C, row by row. */
  readonly covariance: Float64Array;
  /** Diagonal of A. */
  readonly margins: Float64Array;
  readonly pathSigma: Float64Array;
  readonly pathC: Float64Array;
  readonly generation: number;
  /** C = B diag(D²) Bᵀ. */
  readonly basis: Float64Array;
  readonly spread: Float64Array;
}

export const populationSize = (dimensions: number): number => 4 + Math.floor(3 * Math.log(dimensions));

export function initialState(mean: Float64Array, sigma: number, covariance?: Float64Array): EvolutionState {
  const n = mean.length;
  const identity = Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  return withBasis({
    mean,
    sigma,
    covariance: covariance ?? identity,
    margins: new Float64Array(n).fill(1),
    pathSigma: new Float64Array(n),
    pathC: new Float64Array(n),
    generation: 0,
  });
}

function withBasis(state: Omit<EvolutionState, 'basis' | 'spread'>): EvolutionState {
  const { values, vectors } = symmetricEigen(state.covariance, state.mean.length);
  return { ...state, basis: vectors, spread: values.map((value) => Math.sqrt(Math.max(1e-20, value))) };
}

/** x = m + σ A B D z. */
export function drawPoint(state: EvolutionState, z: Float64Array): Float64Array {
  const n = z.length;
  return state.mean.map((centre, i) => {
    let y = 0;
    for (let k = 0; k < n; k++) y += state.basis[i * n + k]! * state.spread[k]! * z[k]!;
    return centre + state.sigma * state.margins[i]! * y;
  });
}

interface Rates {
  readonly weights: Float64Array;
  readonly muEffective: number;
  readonly cSigma: number;
  readonly dSigma: number;
  readonly cC: number;
  readonly c1: number;
  readonly cMu: number;
  readonly expectedNorm: number;
}

function ratesFor(n: number, lambda: number): Rates {
  const mu = Math.floor(lambda / 2);
  const raw = Float64Array.from({ length: mu }, (_, i) => Math.log((lambda + 1) / 2) - Math.log(i + 1));
  const sum = raw.reduce((total, value) => total + value, 0);
  const weights = raw.map((value) => value / sum);
  const muEffective = 1 / weights.reduce((total, value) => total + value * value, 0);
  const cSigma = (muEffective + 2) / (n + muEffective + 5);
  const dSigma = 1 + 2 * Math.max(0, Math.sqrt((muEffective - 1) / (n + 1)) - 1) + cSigma;
  const cC = (4 + muEffective / n) / (n + 4 + (2 * muEffective) / n);
  const c1 = 2 / ((n + 1.3) ** 2 + muEffective);
  const cMu = Math.min(1 - c1, (2 * (muEffective - 2 + 1 / muEffective)) / ((n + 2) ** 2 + muEffective));
  const expectedNorm = Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
  return { weights, muEffective, cSigma, dSigma, cC, c1, cMu, expectedNorm };
}

/** The next generation. @param population points of one generation, best first */
export function advance(state: EvolutionState, population: readonly Float64Array[]): EvolutionState {
  const n = state.mean.length;
  const rates = ratesFor(n, population.length);
  const steps = population.slice(0, rates.weights.length).map((x) => shortened(state, stepTo(state, x)));
  const mean = new Float64Array(n);
  steps.forEach((y, i) => y.forEach((value, d) => (mean[d]! += rates.weights[i]! * value)));
  const whitened = whiten(state, mean);
  const sigmaGain = Math.sqrt(rates.cSigma * (2 - rates.cSigma) * rates.muEffective);
  const pathSigma = state.pathSigma.map((p, d) => (1 - rates.cSigma) * p + sigmaGain * whitened[d]!);
  const norm = Math.sqrt(pathSigma.reduce((sum, p) => sum + p * p, 0));
  const age = 1 - (1 - rates.cSigma) ** (2 * (state.generation + 1));
  // The evolution path stands still while σ is still growing fast.
  const moving = norm / Math.sqrt(age) < (1.4 + 2 / (n + 1)) * rates.expectedNorm ? 1 : 0;
  const pathGain = moving * Math.sqrt(rates.cC * (2 - rates.cC) * rates.muEffective);
  const pathC = state.pathC.map((p, d) => (1 - rates.cC) * p + pathGain * mean[d]!);
  const sigma =
    state.sigma * Math.exp(Math.min(1, (rates.cSigma / rates.dSigma) * (norm / rates.expectedNorm - 1)));
  return withBasis({
    mean: state.mean.map((m, d) => m + state.sigma * state.margins[d]! * mean[d]!),
    sigma: Math.min(sigma, 1e3),
    covariance: nextCovariance(state, rates, steps, pathC, moving),
    margins: state.margins,
    pathSigma,
    pathC,
    generation: state.generation + 1,
  });
}

const stepTo = (state: EvolutionState, x: Float64Array): Float64Array =>
  x.map((value, d) => (value - state.mean[d]!) / (state.sigma * state.margins[d]!));

/** C^{−½} y. */
function whiten({ basis, spread }: EvolutionState, y: Float64Array): Float64Array {
  const n = y.length;
  const rotated = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += basis[i * n + k]! * y[i]!;
    rotated[k] = sum / spread[k]!;
  }
  return y.map((_, i) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += basis[i * n + k]! * rotated[k]!;
    return sum;
  });
}

/** No step counts as longer than one that the distribution itself would hardly make. */
function shortened(state: EvolutionState, y: Float64Array): Float64Array {
  const n = y.length;
  const length = Math.sqrt(whiten(state, y).reduce((sum, value) => sum + value * value, 0));
  const longest = Math.sqrt(n) + (2 * n) / (n + 2);
  return length > longest ? y.map((value) => (value * longest) / length) : y;
}

function nextCovariance(
  { covariance }: EvolutionState,
  { weights, cC, c1, cMu }: Rates,
  steps: readonly Float64Array[],
  pathC: Float64Array,
  moving: number,
): Float64Array {
  const n = pathC.length;
  const lost = (1 - moving) * cC * (2 - cC);
  const kept = 1 - c1 - cMu + c1 * lost;
  const next = covariance.map((value) => kept * value);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let rankMu = 0;
      steps.forEach((y, s) => (rankMu += weights[s]! * y[i]! * y[j]!));
      next[i * n + j]! += c1 * pathC[i]! * pathC[j]! + cMu * rankMu;
    }
  return next;
}
