/**
 * Stops where a Gaussian process says that, with high probability, nothing much better is left to find
 * (Makarova et al. 2022, "Automatic Termination for Hyperparameter Optimization", equation 3).
 *
 *   X        the better half of the completed trials (at least startupTrials of them, at most 200)
 *   m, v     posterior mean and variance of the loss, standardised over X
 *   β        2 ln(D n² π² / (6 δ)) / 5, n trials in X, D parameters, δ = 0.1
 *   bound    min_{x ∈ X} (m + √(β v)) − min_{x ∈ space} (m − √(β v))
 *
 * Simplifications: the paper stops where the bound falls below the standard error of a cross-validated
 * objective, which a single training doesn't have, so the tolerance is given by the user; the minimum over the
 * space is taken over X and 2,048 scrambled Sobol points. Half of the trials, δ and the points are Optuna's.
 */
import { deriveSeed, type StopRuleOptions } from '@onegin/contracts';
import { fitKernel } from '../math/fit-kernel.ts';
import { GaussianProcess } from '../math/gaussian-process.ts';
import { SobolSequence } from '../math/sobol.ts';
import { inputOfRow } from '../samplers/gp/model-inputs.ts';
import { standardised } from '../samplers/gp/model-targets.ts';
import { encodeSpace, rowFromUnit, toRow, type EncodedSpace } from '../space-encoding.ts';
import { loss, violation, type Direction, type Trial } from '../trial-history.ts';
import { endedTrials, type StopRule, type StopRuleConfig } from './stop-rule.ts';

type Options = Extract<StopRuleOptions, { rule: 'regret-bound' }>;

const BETTER_SHARE = 0.5;
const MOST_TRIALS = 200;
const SPACE_POINTS = 2048;
const DELTA = 0.1;

interface Observation {
  readonly input: Float64Array;
  readonly loss: number;
}

export function createRegretBoundRule(options: Options, config: StopRuleConfig): StopRule {
  const { tolerance, startupTrials, interval } = options;
  const { directions, seed } = config;
  const encoded = encodeSpace(config.space);
  // The last estimate is kept, because a study asks far more often than trials complete.
  let last: { readonly key: string; readonly bound: number } | undefined;
  return {
    check({ history }) {
      const observations = observationsOf(encoded, history, directions[0]);
      const count = observations.length - (observations.length % interval);
      if (count < startupTrials) return null;
      const used = observations.slice(0, count);
      const key = JSON.stringify([count, used.at(-1)!.loss, used.reduce((sum, o) => sum + o.loss, 0)]);
      if (last?.key !== key)
        last = { key, bound: regretBound(encoded, used, startupTrials, deriveSeed(seed, 'regret-bound')) };
      if (last.bound > tolerance) return null;
      return {
        rule: 'regret-bound',
        reason: `No configuration is likely to be better than the best trial by more than ${Number(last.bound.toPrecision(3))}; the tolerance is ${tolerance}.`,
      };
    },
  };
}

function observationsOf(
  encoded: EncodedSpace,
  history: readonly Trial[],
  direction: Direction,
): Observation[] {
  return endedTrials(history).flatMap((trial) => {
    if (trial.state !== 'completed' || !trial.values || violation(trial) > 0) return [];
    const input = inputOfRow(encoded, toRow(encoded, trial.params));
    const value = loss(trial.values[0], direction);
    return input && Number.isFinite(value) ? [{ input, loss: value }] : [];
  });
}

/** In units of the objective; ∞ where no process can be fitted. */
export function regretBound(
  encoded: EncodedSpace,
  observations: readonly Observation[],
  startupTrials: number,
  seed: number,
): number {
  const best = [...observations].sort((a, b) => a.loss - b.loss);
  const size = Math.max(startupTrials, Math.floor(best.length * BETTER_SHARE));
  const top = best.slice(0, Math.min(size, MOST_TRIALS, best.length));
  const losses = Float64Array.from(top, (o) => o.loss);
  const spread = standardDeviation(losses);
  const dimensions = encoded.dimensions.length;
  const width = Math.sqrt((2 * Math.log((dimensions * top.length ** 2 * Math.PI ** 2) / (6 * DELTA))) / 5);
  const inputs = top.map((o) => o.input);
  const process = fitted(encoded, inputs, standardised(losses));
  if (!process) return Infinity;

  let upper = Infinity;
  let lower = Infinity;
  const look = (x: Float64Array, isTrial: boolean): void => {
    const { mean, variance } = process.predict(x);
    const margin = width * Math.sqrt(variance);
    if (isTrial) upper = Math.min(upper, mean + margin);
    lower = Math.min(lower, mean - margin);
  };
  inputs.forEach((input) => look(input, true));
  const sobol = new SobolSequence(dimensions, seed);
  for (let i = 0; i < SPACE_POINTS; i++) {
    const point = sobol.point(i);
    const input = inputOfRow(
      encoded,
      rowFromUnit(encoded, (d) => point[d]),
    );
    if (input) look(input, false);
  }
  return (upper - lower) * spread;
}

function fitted(
  encoded: EncodedSpace,
  inputs: readonly Float64Array[],
  targets: Float64Array,
): GaussianProcess | null {
  const categorical = encoded.dimensions.map((dimension) => dimension.categorical);
  try {
    const process = new GaussianProcess(
      fitKernel(inputs, targets, categorical).kernel,
      categorical,
      inputs.length,
    );
    inputs.forEach((input) => process.add(input));
    process.setTargets(targets);
    return process;
  } catch {
    // A covariance matrix that isn't positive definite: without a process there is no bound.
    return null;
  }
}

/** At least 1e-10, so that tied trials have a bound that is tiny and not undefined. */
function standardDeviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return Math.max(1e-10, Math.sqrt(variance));
}
