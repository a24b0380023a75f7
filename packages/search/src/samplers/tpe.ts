/**
 * The tree-structured Parzen estimator: draw candidates from the density l of the good trials and take the
 * one with the largest ln l − ln g, g being the density of the rest (see math/parzen-mixture.ts).
 *
 * Multivariate by default: parameters that are always active together are drawn together (all parameters
 * of a space without conditions; else one group per set of conditions, parents first). Outstanding trials
 * belong to the rest. Several objectives: the good trials are the best nondomination ranks.
 *
 * It differs from Optuna's in two points: the first trials are a Latin hypercube, and the kernels of the good
 * trials may be half as wide, since a floor of a tenth of the range keeps the search from closing in.
 */
import type { OptionsOf } from '../sampler-options.ts';
import { isActiveIn } from '../space-encoding.ts';
import { isEvidence } from '../trial-history.ts';
import type { Proposal, Sampler, SamplerContext } from './sampler.ts';
import { startupRow } from './startup.ts';
import { parzenPair } from './tpe/parzen-pair.ts';

/** How many times narrower than the reference's the kernels of the good trials may be. */
const SHARPNESS = 2;

export function createTpeSampler(options: OptionsOf<'tpe'> = {}): Sampler {
  const { startupTrials = 10, candidates = 24, multivariate = true } = options;
  const propose = (context: SamplerContext): Proposal => {
    const { encoded, table } = context;
    let evidence = 0;
    for (const trial of table.trials) if (isEvidence(trial)) evidence++;
    if (evidence < startupTrials) return { row: startupRow(context, startupTrials) };
    const row = new Float64Array(encoded.dimensions.length).fill(NaN);
    const groups = multivariate ? encoded.groups : encoded.dimensions.map((_, index) => [index]);
    for (const group of groups)
      if (isActiveIn(encoded.dimensions[group[0]!]!, row)) fillGroup(context, row, group, candidates);
    return { row };
  };
  return { name: 'tpe', propose };
}

function fillGroup(
  context: SamplerContext,
  row: Float64Array,
  group: readonly number[],
  candidates: number,
): void {
  const { table, directions, random } = context;
  const { good, rest } = parzenPair(table, group, directions, SHARPNESS);
  const last = group.at(-1) === row.length - 1;
  let best: Float64Array | undefined;
  let bestScore = -Infinity;
  let bestIsNew = false;
  for (let i = 0; i < candidates; i++) {
    const point = good.sample(random);
    // An untried point is preferred to a tried one whatever their scores.
    const isNew = !last || !context.isTaken(withGroup(row, group, point));
    if (best && bestIsNew && !isNew) continue;
    const contested = best !== undefined && bestIsNew === isNew;
    const density = good.logDensity(point);
    // A rest so dense that the best score is out of reach need not be known exactly.
    const score = density - rest.logDensity(point, contested ? density - bestScore : Infinity);
    if (contested && !(score > bestScore)) continue;
    best = point;
    bestScore = score;
    bestIsNew = isNew;
  }
  row.set(withGroup(row, group, best!));
}

function withGroup(row: Float64Array, group: readonly number[], point: Float64Array): Float64Array {
  const filled = row.slice();
  group.forEach((dimension, axis) => (filled[dimension] = point[axis]!));
  return filled;
}
