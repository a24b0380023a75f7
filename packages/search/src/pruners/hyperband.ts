/**
 * Several ladders of successive halving side by side, for when it isn't known how early a comparison can be
 * trusted (Li et al. 2018, "Hyperband"; asynchronous as in Li et al. 2020, section 3.2).
 *
 *   R, r, η    maxSteps, minSteps, reduction
 *   B          ⌊log_η(R / r)⌋ + 1 brackets, b = 0 … B − 1
 *   rungs      of bracket b: those of ASHA from r·η^b on; the last bracket compares nothing or nearly nothing
 *   weight     of bracket b: ⌈B·η^(B−1−b) / (B − b)⌉, its share of the trials
 *
 * A trial's bracket follows from the study's seed and its number alone. A trial is compared only with trials of
 * its bracket, and a sampler should learn from these only (`peers`).
 */
import { streamOf, type OptionsOf } from '@onegin/contracts';
import { judgeByHalving, nextPause, promotionByHalving, viewAtRung, type Halving } from './halving.ts';
import type { Pruner, PrunerConfig } from './pruner.ts';
import { rungSteps } from './rung.ts';
import type { Trial } from '../trial-history.ts';

export interface HyperbandPruner extends Pruner {
  /** Bracket of a trial number, 0 for the one that stops earliest. */
  bracketOf(number: number): number;
}

export function createHyperbandPruner(
  options: OptionsOf<'hyperband'>,
  config: PrunerConfig,
): HyperbandPruner {
  const { minSteps, reduction, mode } = options;
  const { directions, maxSteps, seed } = config;
  const starts = [minSteps];
  while (starts[starts.length - 1] * reduction <= maxSteps)
    starts.push(starts[starts.length - 1] * reduction);
  const brackets = starts.map((start): Halving => ({
    rungs: rungSteps(start, reduction, maxSteps),
    reduction,
    mode,
    directions,
  }));
  const weights = bracketWeights(brackets.length, reduction);

  // A draw takes a seed derivation; remembered numbers are a cache of a pure function, not state.
  const drawn = new Map<number, number>();
  const bracketOf = (number: number): number => {
    let bracket = drawn.get(number);
    if (bracket === undefined) drawn.set(number, (bracket = drawBracket(weights, seed, number)));
    return bracket;
  };
  const inBracket = (bracket: number, history: readonly Trial[]) =>
    history.filter((trial) => bracketOf(trial.number) === bracket);

  return {
    name: 'hyperband',
    bracketOf,
    judge(trial, history) {
      const bracket = bracketOf(trial.number);
      const judgement = judgeByHalving(brackets[bracket], trial, inBracket(bracket, history));
      return { ...judgement, reason: `bracket ${bracket}: ${judgement.reason}` };
    },
    nextPromotion(history, promotion) {
      const candidates = brackets
        .map((halving, bracket) => promotionByHalving(halving, inBracket(bracket, history), promotion))
        .filter((candidate) => candidate !== null)
        .sort((a, b) => b.step - a.step || a.number - b.number);
      return candidates[0]?.number ?? null;
    },
    runsUntil: (number, step) => nextPause(brackets[bracketOf(number)], step, maxSteps),
    peers(number, history) {
      const bracket = bracketOf(number);
      return viewAtRung(brackets[bracket], inBracket(bracket, history));
    },
  };
}

export const bracketWeights = (brackets: number, reduction: number): number[] =>
  Array.from({ length: brackets }, (_, b) =>
    Math.ceil((brackets * reduction ** (brackets - 1 - b)) / (brackets - b)),
  );

function drawBracket(weights: readonly number[], seed: number, number: number): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let ticket = streamOf(seed, number, 'hyperband-bracket').integer(total);
  for (let bracket = 0; ; bracket++) {
    ticket -= weights[bracket];
    if (ticket < 0) return bracket;
  }
}
