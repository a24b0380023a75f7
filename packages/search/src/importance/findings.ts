/**
 * What a study found out about each of its parameters, for people: where it was good, where it was bad, what that
 * made of a difference, and whether chance could have made it too.
 *
 *   m(x)   marginal of the objective at value x (see marginals), as a loss: lower is better
 *   good   the values around the best x whose m lies within a quarter of the marginal's range of the best
 *   bad    likewise around the worst x; of choices, all that lie so near
 *   z      Mann–Whitney's statistic between the trials tried in the two regions, in standard deviations
 *          (Mann & Whitney 1947), ties given their middle rank
 *
 * The regions are chosen from the same trials that they are judged by, so a difference has to be clearer than usual
 * to count: z of 3, not 2, with at least three trials on either side.
 */
import type { Params, ParamValue } from '@onegin/contracts';
import { encodeSpace } from '../space-encoding.ts';
import { loss, type Direction, type Trial } from '../trial-history.ts';
import { gatherEvidence, type Unavailable } from './evidence.ts';
import { chooseObjective, importances } from './importances.ts';
import { createMarginals, type Marginal, type MarginalRequest } from './marginals.ts';

/** Values of one parameter. `range` is closed; `values` are choices, or all of a single point. */
export interface Region {
  readonly range?: { readonly low: number; readonly high: number };
  readonly values?: readonly ParamValue[];
  /** Completed trials with such a value. */
  readonly trials: number;
}

export interface Finding {
  readonly param: string;
  /** fANOVA share of the variance that single parameters explain, on the searched scale; in [0, 1]. */
  readonly share: number;
  readonly good: Region;
  readonly bad: Region;
  /** Expected objective at its best value less that at its worst, in the objective's unit; never negative for gain. */
  readonly difference: number;
  /** Whether the trials in the two regions differ by more than chance explains. */
  readonly clear: boolean;
  readonly marginal: Marginal;
}

export interface Findings {
  readonly available: true;
  /** The parameter that mattered most comes first. Left out: those too few trials had. */
  readonly findings: readonly Finding[];
  /** Completed trials that were used. */
  readonly trials: number;
}

const NEAR = 0.25;
const LEAST_Z = 3;
const LEAST_A_SIDE = 3;

/**
 * Findings about every parameter that enough trials had.
 * @throws OneginError `request-invalid` for the space, or for an objective that is not there
 */
export function findings(history: readonly Trial[], request: MarginalRequest): Findings | Unavailable {
  const marginals = createMarginals(history, request);
  if (!marginals.available) return marginals;
  const objective = chooseObjective(request, 'fanova') as number;
  const shares = importances(history, { ...request, objective, method: 'fanova', scale: 'searched' });
  if (!shares.available) return shares;
  const direction = request.directions[objective]!;
  const used = usedTrials(history, request);
  const found = Object.entries(shares.shares).flatMap(([param, share]) => {
    const marginal = marginals.of(param);
    if (!marginal.available) return [];
    return [{ param, share, marginal, ...compare(marginal, used, direction, objective) }];
  });
  return { available: true, findings: found, trials: shares.trials };
}

/** The completed trials that marginals are made of. */
function usedTrials(history: readonly Trial[], { space, directions }: MarginalRequest): readonly Trial[] {
  const encoded = encodeSpace(space);
  return history.filter((trial) => gatherEvidence(encoded, [trial], directions.length).rows.length > 0);
}

function compare(marginal: Marginal, used: readonly Trial[], direction: Direction, objective: number) {
  const losses = marginal.mean.map((mean) => loss(mean, direction));
  const [best, worst] = [Math.min(...losses), Math.max(...losses)];
  const near = NEAR * (worst - best);
  const inGood = region(
    marginal.at,
    losses.map((m) => m - best <= near),
    losses.indexOf(best),
  );
  const inBad = region(
    marginal.at,
    losses.map((m) => worst - m <= near),
    losses.indexOf(worst),
  );
  const lossesWhere = (where: Omit<Region, 'trials'>): number[] =>
    used.flatMap(({ params, values }) =>
      holds(where, params, marginal.param) && values ? [loss(values[objective]!, direction)] : [],
    );
  const [good, bad] = [lossesWhere(inGood), lossesWhere(inBad)];
  return {
    good: { ...inGood, trials: good.length },
    bad: { ...inBad, trials: bad.length },
    difference: worst - best,
    clear: Math.min(good.length, bad.length) >= LEAST_A_SIDE && mannWhitney(good, bad) >= LEAST_Z,
  };
}

/** The values that are near, in one piece around the given one where they are numbers. */
function region(at: readonly ParamValue[], near: readonly boolean[], centre: number): Omit<Region, 'trials'> {
  if (typeof at[centre] !== 'number') return { values: at.filter((_, k) => near[k]) };
  let [from, to] = [centre, centre];
  while (near[from - 1]) from--;
  while (near[to + 1]) to++;
  if (from === to && at.length <= 2) return { values: [at[centre]!] };
  return { range: { low: Number(at[from]), high: Number(at[to]) } };
}

function holds({ range, values }: Omit<Region, 'trials'>, params: Params, param: string): boolean {
  const value = params[param];
  if (value === undefined) return false;
  if (range) return typeof value === 'number' && value >= range.low && value <= range.high;
  return values?.includes(value) ?? false;
}

/** How many standard deviations the first sample's ranks lie below what chance gives, both samples not empty. */
function mannWhitney(lower: readonly number[], higher: readonly number[]): number {
  const [n, m] = [lower.length, higher.length];
  let wins = 0;
  for (const a of lower) for (const b of higher) wins += a < b ? 1 : a === b ? 0.5 : 0;
  return (wins - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}
