/** The best of a history: one trial for one objective, a front for several. */
import { paretoFront } from './math/nondomination.ts';
import { loss, violation, type Direction, type Trial } from './trial-history.ts';

const eligible = (trial: Trial): boolean =>
  trial.state === 'completed' && trial.values !== null && violation(trial) === 0;

/** The feasible completed trial with the best first objective, the earliest of equals; else undefined. */
export function bestTrial(history: readonly Trial[], direction: Direction): Trial | undefined {
  let best: Trial | undefined;
  for (const trial of history) {
    if (!eligible(trial)) continue;
    if (!best || loss(trial.values![0]!, direction) < loss(best.values![0]!, direction)) best = trial;
  }
  return best;
}

/** The feasible completed trials that no other dominates, by number. */
export function paretoTrials(history: readonly Trial[], directions: readonly Direction[]): Trial[] {
  const trials = history.filter(eligible);
  const points = trials.map((trial) => directions.map((direction, m) => loss(trial.values![m]!, direction)));
  return paretoFront(points).map((index) => trials[index]!);
}
