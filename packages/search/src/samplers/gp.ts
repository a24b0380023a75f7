/**
 * Bayesian optimization with a Gaussian process (Matérn 5/2, one lengthscale per dimension) and the logarithm
 * of expected improvement.
 *
 * Outstanding trials are taken to end where the process expects them to: the mean stays, the variance around
 * them vanishes, and what they should reach is what is to be beaten, so that others look elsewhere (hallucinated
 * observations; Desautels et al., "Parallelizing Exploration-Exploitation Tradeoffs in Gaussian Process Bandit
 * Optimization", JMLR 15, 2014).
 * Several objectives are turned into one by a random augmented Chebyshev weighting per trial (ParEGO; Knowles,
 * IEEE TEC 10, 2006).
 */
import type { RandomStream } from '@onegin/contracts';
import type { GaussianProcess } from '../math/gaussian-process.ts';
import type { OptionsOf } from '../sampler-options.ts';
import type { EncodedSpace } from '../space-encoding.ts';
import { Acquisition, type ConstraintModel } from './gp/acquisition.ts';
import { gatherEvidence, type Evidence } from './gp/evidence.ts';
import { AcquisitionSearch, type FoundRow, type SearchEffort } from './gp/maximize-acquisition.ts';
import { warpLosses } from './gp/model-targets.ts';
import { ProcessCache } from './gp/process-cache.ts';
import { randomRow } from './random.ts';
import type { Proposal, Sampler, SamplerContext } from './sampler.ts';

/** Values that the first model is fitted to at least. */
const FEWEST_VALUES = 4;

/** ln of an improvement, in standard deviations of the warped values. */
const NOTHING_TO_GAIN = Math.log(1e-5);

export function createGpSampler(options: OptionsOf<'gp'> = {}): Sampler {
  const { startupTrials = 10, maxObservations = 1000 } = options;
  const caches: ProcessCache[] = [];
  const cacheOf = (place: number, encoded: EncodedSpace): ProcessCache =>
    (caches[place] ??= new ProcessCache(encoded.dimensions.map(({ categorical }) => categorical)));

  const propose = (context: SamplerContext): Proposal => {
    const evidence = limited(gatherEvidence(context), maxObservations);
    if (isStarting(evidence, startupTrials)) return { row: randomRow(context) };
    const losses = scalarised(evidence.losses, context.random);
    const process = cacheOf(0, context.encoded).process(evidence.inputs, losses, warpLosses);
    const targets = warpLosses(losses);
    const best = bestFitted(process, targets, evidence.feasible);
    const constraints = evidence.constraints.map((values, c) =>
      constraintModel(cacheOf(c + 1, context.encoded), evidence.inputs, values),
    );
    const near = incumbents(evidence, targets);
    const look = (model: GaussianProcess, effort: SearchEffort): FoundRow => {
      const expected = hallucinate(model, targets, evidence.outstanding, constraints);
      const toBeat = best === undefined ? undefined : Math.min(best, expected);
      const acquisition = new Acquisition(model, toBeat, constraints);
      return new AcquisitionSearch(context, acquisition, model.kernel.inverseSquares).find(near, effort);
    };
    const effort = effortFor(evidence.inputs.length);
    const found = look(process, effort);
    if (best === undefined || context.number % 2 === 0) return { row: found.row };
    return { row: sceptical(process, found, targets, look, effort).row };
  };
  return { name: 'gp', propose };
}

/**
 * Where the model sees nothing left to gain, it may be wrong about how fast the objective changes: trials around
 * one optimum say little about the rest. Every other such trial then believes in lengthscales half as long, or
 * half again, until there is something to gain (Wang & de Freitas, "Theoretical Analysis of Bayesian
 * Optimisation with Unknown Gaussian Process Hyper-Parameters", 2014).
 */
function sceptical(
  process: GaussianProcess,
  found: FoundRow,
  targets: Float64Array,
  look: (model: GaussianProcess, effort: SearchEffort) => FoundRow,
  effort: SearchEffort,
): FoundRow {
  let best = found;
  for (let halvings = 1; halvings <= 3 && best.value < NOTHING_TO_GAIN; halvings++) {
    const inverseSquares = process.kernel.inverseSquares.map((theta) => theta * 4 ** halvings);
    const doubter = process.withKernel({ ...process.kernel, inverseSquares }, targets.length);
    doubter.setTargets(targets);
    best = look(doubter, { ...effort, starts: 2 });
  }
  return best;
}

/**
 * Random trials are over once enough have been asked for, evaluated or not; with many workers waiting for the
 * last of them would only make more. A few values there must be.
 */
const isStarting = ({ inputs, outstanding }: Evidence, startup: number): boolean =>
  inputs.length + outstanding.length < startup || inputs.length < Math.min(startup, FEWEST_VALUES);

/** Fewer candidates as each gets dearer. */
function effortFor(observations: number): SearchEffort {
  if (observations <= 150) return { spread: 512, near: 256, starts: 5 };
  if (observations <= 400) return { spread: 256, near: 128, starts: 3 };
  return { spread: 96, near: 64, starts: 1 };
}

/** Keeps the best half and the newest half of what is allowed. */
function limited(evidence: Evidence, most: number): Evidence {
  const count = evidence.inputs.length;
  if (count <= most) return evidence;
  const first = evidence.losses[0]!;
  const newest = Math.floor(most / 2);
  const older = Array.from({ length: count - newest }, (_, i) => i);
  const best = older.sort((a, b) => first[a]! - first[b]! || a - b).slice(0, most - newest);
  const kept = new Set(best);
  const keep = (_: unknown, i: number): boolean => i >= count - newest || kept.has(i);
  return {
    ...evidence,
    inputs: evidence.inputs.filter(keep),
    losses: evidence.losses.map((values) => values.filter(keep)),
    constraints: evidence.constraints.map((values) => values.filter(keep)),
    feasible: evidence.feasible.filter(keep),
  };
}

/** max_m(w_m f_m) + 0.05 Σ_m w_m f_m of losses scaled to [0, 1], w uniform on the simplex. */
function scalarised(losses: readonly Float64Array[], random: RandomStream): Float64Array {
  if (losses.length === 1) return losses[0]!;
  const drawn = losses.map(() => -Math.log(1 - random.uniform()));
  const total = drawn.reduce((sum, value) => sum + value, 0);
  const scaled = losses.map((values) => {
    const finite = values.filter(Number.isFinite);
    const low = Math.min(...finite);
    const range = Math.max(...finite) - low || 1;
    return values.map((value) => (value - low) / range);
  });
  return losses[0]!.map((_, i) => {
    const weighted = scaled.map((values, m) => (drawn[m]! / total) * values[i]!);
    return Math.max(...weighted) + 0.05 * weighted.reduce((sum, value) => sum + value, 0);
  });
}

function bestFitted(
  process: GaussianProcess,
  targets: Float64Array,
  feasible: readonly boolean[],
): number | undefined {
  let best: number | undefined;
  targets.forEach((target, i) => {
    const fitted = process.fittedTarget(i, target);
    if (feasible[i] && (best === undefined || fitted < best)) best = fitted;
  });
  return best;
}

/** Values in units of their standard deviation; the limit 0 stays where it is. */
function constraintModel(
  cache: ProcessCache,
  inputs: readonly Float64Array[],
  values: Float64Array,
): ConstraintModel {
  const finite = values.map((value) => (Number.isNaN(value) ? 1e9 : Math.min(1e9, Math.max(-1e9, value))));
  const size = (list: Float64Array): number =>
    Math.sqrt(list.reduce((sum, value) => sum + value * value, 0) / Math.max(1, list.length)) || 1;
  const process = cache.process(inputs, finite, (list) => {
    const unit = size(list);
    return list.map((value) => value / unit);
  });
  return { process, limit: 0 };
}

/** Adds the outstanding trials at their expected values; returns the best of those that should be feasible. */
function hallucinate(
  process: GaussianProcess,
  targets: Float64Array,
  outstanding: readonly Float64Array[],
  constraints: readonly ConstraintModel[],
): number {
  if (outstanding.length === 0) return Infinity;
  const means = outstanding.map((input) => process.mean(input));
  for (const input of outstanding) process.add(input);
  process.setTargets(Float64Array.from([...targets, ...means]));
  const feasible = outstanding.map((input) =>
    constraints.every((constraint) => constraint.process.mean(input) <= constraint.limit),
  );
  return Math.min(...means.filter((_, i) => feasible[i]));
}

/** Inputs of the best few feasible trials. */
function incumbents({ inputs, feasible }: Evidence, targets: Float64Array): Float64Array[] {
  const order = inputs.map((_, i) => i).sort((a, b) => targets[a]! - targets[b]! || a - b);
  const ordered = [...order.filter((i) => feasible[i]), ...order.filter((i) => !feasible[i])];
  return ordered.slice(0, 5).map((i) => withCategories(inputs[i]!));
}

/** An inactive category has no index of its own; any will do where it is not looked at. */
const withCategories = (input: Float64Array): Float64Array => input.map((value) => (value < 0 ? 0 : value));
