/**
 * CMA-ES with margin for grids, warm start and restarts.
 *
 * Generations are made of the evaluated trials in the order of their numbers, so that the state follows from
 * the history alone and any number of trials may be outstanding. The first trials (or given source trials)
 * set the first distribution (warm start; Nomura et al., AAAI 2021). When the distribution has shrunk to
 * nothing, the search restarts elsewhere with twice the population (Auger & Hansen, IPOP, CEC 2005).
 * Categories, conditional parameters and spaces with nothing else are left to TPE.
 */
import { streamOf } from '@onegin/contracts';
import type { OptionsOf } from '../sampler-options.ts';
import { fromUnit, isActiveIn, toRow, toUnit, type Dimension, type EncodedSpace } from '../space-encoding.ts';
import { advance, drawPoint, initialState, populationSize, type EvolutionState } from './cmaes/evolution.ts';
import { withMargin } from './cmaes/margin.ts';
import { promisingState } from './cmaes/warm-start.ts';
import { rankedEvidence, type RankedTrial } from './ranked-evidence.ts';
import type { Proposal, Sampler, SamplerContext } from './sampler.ts';
import { startupRow } from './startup.ts';
import { createTpeSampler } from './tpe.ts';

const DEFAULT_SIGMA = 0.25;
const REDRAWS = 20;
const SMALLEST_SPREAD = 1e-9;

export function createCmaesSampler(options: OptionsOf<'cmaes'> = {}): Sampler {
  const { startupTrials = options.source ? 0 : 10 } = options;
  const tpe = createTpeSampler();
  let kept: Folded | undefined;
  const propose = (context: SamplerContext): Proposal => {
    const evolved = evolvedDimensions(context.encoded);
    if (evolved.length === 0) return tpe.propose(context);
    const trials = rankedEvidence(context);
    if (trials.length < startupTrials) return { row: startupRow(context, startupTrials) };
    kept = fold(context, trials, evolved, startupTrials, options, kept);
    // TPE fills every other dimension; what it says about the evolved ones is replaced.
    const row =
      evolved.length === context.encoded.dimensions.length
        ? new Float64Array(evolved.length)
        : tpe.propose(context).row.slice();
    const point = drawInside(kept.run.state, context);
    const dimensions = evolved.map((d) => context.encoded.dimensions[d]!);
    evolved.forEach((d, i) => (row[d] = fromUnit(dimensions[i]!, point[i]!)));
    return { row: withConditions(context, row) };
  };
  return { name: 'cmaes', propose };
}

/** Numbers without condition and with more than one value. */
const evolvedDimensions = ({ dimensions }: EncodedSpace): number[] =>
  dimensions.flatMap(({ categorical, parent, cells }, d) =>
    !categorical && parent < 0 && cells > 1 ? [d] : [],
  );

interface Run {
  readonly state: EvolutionState;
  readonly population: number;
  readonly restarts: number;
}

interface Folded {
  readonly run: Run;
  /** Trials that are in the run already. */
  readonly used: readonly RankedTrial[];
}

function fold(
  context: SamplerContext,
  trials: readonly RankedTrial[],
  evolved: readonly number[],
  startup: number,
  options: OptionsOf<'cmaes'>,
  kept: Folded | undefined,
): Folded {
  const dimensions = evolved.map((d) => context.encoded.dimensions[d]!);
  const point = ({ row }: { row: Float64Array }): Float64Array =>
    Float64Array.from(evolved, (d, i) => toUnit(dimensions[i]!, row[d]!));
  const goesOn = kept?.used.every(
    (trial, i) =>
      trial.row === trials[i]?.row &&
      trial.order === trials[i].order &&
      trial.violation === trials[i].violation,
  );
  let run = goesOn ? kept!.run : firstRun(context, trials.slice(0, startup), evolved, options, point);
  let used = goesOn ? kept!.used.length : startup;
  for (; used + run.population <= trials.length; used += run.population) {
    const generation = trials.slice(used, used + run.population);
    const best = [...generation].sort((a, b) => a.violation - b.violation || a.order - b.order);
    run = nextRun(context, run, best.map(point), dimensions);
  }
  return { run, used: trials.slice(0, used) };
}

function firstRun(
  { encoded }: SamplerContext,
  startup: readonly RankedTrial[],
  evolved: readonly number[],
  { sigma = DEFAULT_SIGMA, source }: OptionsOf<'cmaes'>,
  point: (trial: { row: Float64Array }) => Float64Array,
): Run {
  const population = populationSize(evolved.length);
  const given = source
    ?.map(({ params, value }) => ({ row: toRow(encoded, params), order: value, violation: 0 }))
    .filter(({ row }) => evolved.every((d) => !Number.isNaN(row[d]!)));
  const known = given?.length ? given : startup;
  const best = [...known].sort((a, b) => a.violation - b.violation || a.order - b.order).map(point);
  const state =
    best.length >= 2 ? promisingState(best) : initialState(new Float64Array(evolved.length).fill(0.5), sigma);
  return { state, population, restarts: 0 };
}

function nextRun(
  { seed }: SamplerContext,
  run: Run,
  best: readonly Float64Array[],
  dimensions: readonly Dimension[],
): Run {
  const advanced = advance(run.state, best);
  const state = withMargin(advanced, dimensions, run.population);
  const widest = Math.max(...state.spread) * state.sigma;
  const narrowest = Math.min(...state.spread) * state.sigma;
  if (widest > SMALLEST_SPREAD && narrowest > 0 && widest / narrowest < 1e7 && Number.isFinite(widest))
    return { ...run, state };
  const random = streamOf(seed, 'cmaes-restart', run.restarts);
  const mean = Float64Array.from(dimensions, () => random.uniform());
  return {
    state: initialState(mean, DEFAULT_SIGMA),
    population: run.population * 2,
    restarts: run.restarts + 1,
  };
}

/** A draw inside the cube; after many outside, the last one is clipped. */
function drawInside(state: EvolutionState, { random }: SamplerContext): Float64Array {
  let point = state.mean;
  for (let i = 0; i < REDRAWS; i++) {
    point = drawPoint(
      state,
      state.mean.map(() => random.normal()),
    );
    if (point.every((u) => u >= 0 && u <= 1)) return point;
  }
  return point.map((u) => Math.min(1, Math.max(0, u)));
}

/** Conditions on evolved values may have changed: what became inactive goes, what became active is random. */
function withConditions({ encoded, random }: SamplerContext, row: Float64Array): Float64Array {
  encoded.dimensions.forEach((dimension, d) => {
    if (!isActiveIn(dimension, row)) row[d] = NaN;
    else if (Number.isNaN(row[d]!)) row[d] = fromUnit(dimension, random.uniform());
  });
  return row;
}
