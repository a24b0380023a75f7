/**
 * What the GP sampler maximizes: ln EI of the objective plus ln P(feasible) of every constraint,
 *
 *   a(x) = ln E[max(0, best − f(x))] + Σ_c ln P(g_c(x) ≤ limit_c)
 *
 * (Gardner et al., "Bayesian Optimization with Inequality Constraints", ICML 2014). Without a feasible trial
 * there is no best, and only the second part counts.
 */
import { logExpectedImprovement, logProbabilityBelow } from '../../math/expected-improvement.ts';
import type { LogImprovement } from '../../math/expected-improvement.ts';
import type { GaussianProcess, Prediction } from '../../math/gaussian-process.ts';

export interface ConstraintModel {
  readonly process: GaussianProcess;
  /** Feasible where the function is at most this. */
  readonly limit: number;
}

interface Part {
  readonly process: GaussianProcess;
  readonly term: (mean: number, deviation: number) => LogImprovement;
}

export class Acquisition {
  readonly #parts: readonly Part[];
  readonly #prediction: Prediction = { mean: 0, variance: 0 };

  /** @param best the value to improve on, in the units of the process; undefined if there is none */
  constructor(objective: GaussianProcess, best: number | undefined, constraints: readonly ConstraintModel[]) {
    const parts: Part[] = constraints.map(({ process, limit }) => ({
      process,
      term: (mean, deviation) => logProbabilityBelow(mean, deviation, limit),
    }));
    if (best !== undefined)
      parts.unshift({
        process: objective,
        term: (mean, deviation) => logExpectedImprovement(mean, deviation, best),
      });
    this.#parts = parts;
  }

  value(x: Float64Array): number {
    let sum = 0;
    for (const { process, term } of this.#parts) {
      const { mean, variance } = process.predict(x, this.#prediction);
      sum += term(mean, Math.sqrt(variance)).value;
    }
    return sum;
  }

  /** Writes the derivatives by the listed dimensions of x. */
  valueWithGradient(x: Float64Array, dimensions: readonly number[], gradient: Float64Array): number {
    const byMean = new Float64Array(dimensions.length);
    const byVariance = new Float64Array(dimensions.length);
    gradient.fill(0);
    let sum = 0;
    for (const { process, term } of this.#parts) {
      const { mean, variance } = process.predictWithGradient(x, dimensions, byMean, byVariance);
      const deviation = Math.sqrt(variance);
      const found = term(mean, deviation);
      sum += found.value;
      for (let i = 0; i < gradient.length; i++)
        gradient[i]! += found.byMean * byMean[i]! + (found.byDeviation * byVariance[i]!) / (2 * deviation);
    }
    return sum;
  }
}
