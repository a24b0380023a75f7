/**
 * Wilcoxon's signed-rank test, one-sided (Wilcoxon 1945; zeros split as in Pratt's ranking with "zsplit").
 *
 *   d_i   paired differences, i = 1 … n; H1: d tends to be positive
 *   R_i   rank of |d_i| among all, ties share their mean rank; zeros are ranked, too
 *   W     Σ R_i over d_i > 0, plus half of Σ R_i over d_i = 0
 *   p     P(W' ≥ W) where the signs of the non-zero differences are fair coins
 *
 * Exact for up to 50 differences, by counting sign patterns over doubled ranks (which are integers, with ties
 * too); beyond that W is taken as normal with mean ΣR/2 and variance ΣR²/4 over the non-zero differences.
 */
import { normalCdf } from './normal-distribution.ts';

const EXACT_UP_TO = 50;

/**
 * @param differences not NaN; infinite ones rank highest
 * @returns p in (0, 1]; 1 where every difference is 0 or there is none
 */
export function signedRankPValue(differences: readonly number[]): number {
  const doubledRanks = doubledMeanRanks(differences.map(Math.abs));
  const moving: number[] = [];
  let doubledW = 0;
  differences.forEach((difference, i) => {
    if (difference === 0) return;
    moving.push(doubledRanks[i]);
    if (difference > 0) doubledW += doubledRanks[i];
  });
  // Zeros add the same to every W', so they only matter for the ranks of the others.
  if (moving.length === 0) return 1;
  return differences.length <= EXACT_UP_TO
    ? exactUpperTail(moving, doubledW)
    : normalUpperTail(moving, doubledW);
}

function doubledMeanRanks(magnitudes: readonly number[]): number[] {
  const order = magnitudes.map((_, i) => i).sort((a, b) => magnitudes[a] - magnitudes[b] || 0);
  const ranks = new Array<number>(magnitudes.length);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && magnitudes[order[end]] === magnitudes[order[start]]) end++;
    // Ranks start + 1 … end have the mean (start + 1 + end) / 2.
    for (let k = start; k < end; k++) ranks[order[k]] = start + 1 + end;
    start = end;
  }
  return ranks;
}

/** Share of the 2^n sign patterns whose positive ranks sum to at least w; counts stay exact below 2^53. */
function exactUpperTail(ranks: readonly number[], w: number): number {
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const patterns = new Float64Array(total + 1);
  patterns[0] = 1;
  let reached = 0;
  for (const rank of ranks) {
    reached += rank;
    for (let sum = reached; sum >= rank; sum--) patterns[sum] += patterns[sum - rank];
  }
  let tail = 0;
  for (let sum = w; sum <= total; sum++) tail += patterns[sum];
  return tail / 2 ** ranks.length;
}

function normalUpperTail(ranks: readonly number[], w: number): number {
  let mean = 0;
  let variance = 0;
  for (const rank of ranks) {
    mean += rank / 2;
    variance += (rank * rank) / 4;
  }
  return normalCdf((mean - w) / Math.sqrt(variance));
}
