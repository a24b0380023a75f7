/** Who survives a generation of NSGA-II: constrained domination by ranks, then the less crowded. */
import { crowdingWithinRanks, nondominationRanks } from '../../math/nondomination.ts';
import type { RankedTrial } from '../ranked-evidence.ts';

export interface Member extends RankedTrial {
  readonly rank: number;
  readonly crowding: number;
}

/** Negative if a is fitter: less violation, then the lower rank, then the larger crowding distance. */
export const compareFitness = (a: Member, b: Member): number =>
  a.violation - b.violation || a.rank - b.rank || compareDown(a.crowding, b.crowding);

const compareDown = (a: number, b: number): number => (a === b ? 0 : a > b ? -1 : 1);

/** The fittest `count` of the candidates, with rank and crowding. */
export function survivors(candidates: readonly RankedTrial[], count: number): Member[] {
  const points = candidates.map(({ losses }) => losses);
  const ranks = nondominationRanks(points);
  const crowding = crowdingWithinRanks(points, ranks);
  const members = candidates.map(({ row, order, losses, violation }, i): Member => {
    return { row, order, losses, violation, rank: ranks[i]!, crowding: crowding[i]! };
  });
  return members.sort(compareFitness).slice(0, count);
}
