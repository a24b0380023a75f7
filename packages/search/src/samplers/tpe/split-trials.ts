/**
 * TPE's split of the history into a few good trials ("below") and the rest ("above").
 *
 * n counts the completed, pruned and paused trials; n_below = min(⌈0.1 n⌉, 25), for several objectives
 * ⌈0.1 n⌉. Below fills with feasible completed trials by value, then feasible pruned ones (later last step
 * first, then better last value), then infeasible ones by smallest violation. For several objectives whole
 * nondomination ranks count as value, the last one cut by greedy hypervolume. Outstanding trials are above.
 */
import { pickByHypervolume } from '../../math/hypervolume.ts';
import { nondominationRanks } from '../../math/nondomination.ts';
import { loss, violation, type Direction, type Trial } from '../../trial-history.ts';

export interface Split {
  /** Indices into the history, rising. */
  readonly below: readonly number[];
  readonly above: readonly number[];
}

export function belowCount(finished: number, objectives: number): number {
  const share = Math.ceil(0.1 * finished);
  return objectives === 1 ? Math.min(share, 25) : share;
}

/** Splits the trials at the given indices; a trial without a usable value never is below. */
export function splitTrials(
  trials: readonly Trial[],
  indices: readonly number[],
  directions: readonly Direction[],
  goodCount?: (finished: number) => number,
): Split {
  const completed: number[] = [];
  const stopped: number[] = [];
  const infeasible: number[] = [];
  const outstanding: number[] = [];
  for (const index of indices) {
    const trial = trials[index]!;
    if (trial.state === 'running') outstanding.push(index);
    else if (violation(trial) > 0) infeasible.push(index);
    else if (trial.state === 'completed') completed.push(index);
    else stopped.push(index);
  }
  const finished = indices.length - outstanding.length;
  let missing = goodCount ? goodCount(finished) : belowCount(finished, directions.length);
  const below: number[] = [];
  const take = (group: number[], best: (count: number) => number[]): void => {
    const count = Math.min(missing, group.length);
    if (count > 0) below.push(...best(count));
    missing -= count;
  };
  take(completed, (count) => bestCompleted(trials, completed, directions, count));
  take(stopped, (count) => byOrder(stopped, stoppedOrder(trials, directions[0]!)).slice(0, count));
  take(infeasible, (count) =>
    byOrder(infeasible, (a, b) => violation(trials[a]!) - violation(trials[b]!)).slice(0, count),
  );
  const isBelow = new Set(below);
  return { below: below.sort((a, b) => a - b), above: indices.filter((index) => !isBelow.has(index)) };
}

const byOrder = (group: readonly number[], order: (a: number, b: number) => number): number[] =>
  [...group].sort((a, b) => order(a, b) || a - b);

function bestCompleted(
  trials: readonly Trial[],
  group: readonly number[],
  directions: readonly Direction[],
  count: number,
): number[] {
  if (directions.length > 1) return bestByDomination(trials, group, directions, count);
  // A short list of the best so far, worst last, beats sorting all; of equals the earlier stays.
  const best: number[] = [];
  const losses: number[] = [];
  for (const index of group) {
    const value = loss(trials[index]!.values![0]!, directions[0]!);
    if (best.length === count && !(value < losses[count - 1]!)) continue;
    let place = best.length;
    while (place > 0 && losses[place - 1]! > value) place--;
    best.splice(place, 0, index);
    losses.splice(place, 0, value);
    if (best.length > count) {
      best.pop();
      losses.pop();
    }
  }
  return best;
}

function bestByDomination(
  trials: readonly Trial[],
  group: readonly number[],
  directions: readonly Direction[],
  count: number,
): number[] {
  const losses = group.map((index) => directions.map((d, m) => loss(trials[index]!.values![m]!, d)));
  const ranks = nondominationRanks(losses);
  const best: number[] = [];
  for (let rank = 0; best.length < count; rank++) {
    const members = group.flatMap((_, i) => (ranks[i] === rank ? [i] : []));
    if (best.length + members.length <= count) best.push(...members);
    else {
      const points = members.map((i) => losses[i]!);
      best.push(...pickByHypervolume(points, count - best.length).map((place) => members[place]!));
    }
  }
  return best.map((i) => group[i]!);
}

/** Later last step first, then the better last value; NaN and nothing reported last. */
function stoppedOrder(trials: readonly Trial[], direction: Direction): (a: number, b: number) => number {
  const last = (index: number) => trials[index]!.reports.at(-1);
  const lastLoss = (index: number): number => {
    const value = last(index)?.values[0] ?? NaN;
    return Number.isNaN(value) ? Infinity : loss(value, direction);
  };
  return (a, b) => {
    const steps = (last(b)?.step ?? -1) - (last(a)?.step ?? -1);
    if (steps !== 0) return steps;
    const [first, second] = [lastLoss(a), lastLoss(b)];
    return first === second ? 0 : first < second ? -1 : 1;
  };
}
