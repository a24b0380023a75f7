/**
 * Rungs of successive halving: the steps at which trials are compared, and who leads there.
 *
 *   r_k = minSteps · η^k   for all r_k < maxSteps, η the reduction
 *
 * What counts at a rung is the first report at its step or after it.
 */
import { violation, type Direction, type Trial } from '../trial-history.ts';
import { crowdingWithinRanks, nondominationRanks } from '../math/nondomination.ts';
import { diverged, firstReportFrom, lastReport, lossesOf, type Losses } from './learning-curve.ts';

/** Steps of the rungs, rising; empty where a trial is too short to be compared on its way. */
export function rungSteps(minSteps: number, reduction: number, maxSteps: number): number[] {
  const steps: number[] = [];
  for (let step = minSteps; step < maxSteps; step *= reduction) steps.push(step);
  return steps;
}

/** Index of the highest rung that the trial has reached, −1 before the first. */
export function rungReached(trial: Trial, rungs: readonly number[]): number {
  const step = lastReport(trial)?.step ?? 0;
  return rungs.findLastIndex((rung) => rung <= step);
}

export interface Standing {
  /** Trials that reached the rung, diverged and failed ones included. */
  readonly recorded: number;
  /** Numbers of those that may hold a place, best first. */
  readonly ranked: readonly number[];
}

interface Entry {
  readonly number: number;
  readonly violation: number;
  readonly losses: Losses;
}

/**
 * Who leads at a rung. Feasible trials come before infeasible ones (by the sum of violations), then lower
 * losses; with several objectives, lower ranks of nondomination and within a rank the less crowded. Equal
 * trials stand in the order of their numbers. Diverged trials hold no place, nor do those that `mayHold` refuses.
 */
export function standingAt(
  step: number,
  trials: readonly Trial[],
  directions: readonly Direction[],
  mayHold: (trial: Trial) => boolean,
): Standing {
  const entries: Entry[] = [];
  let recorded = 0;
  for (const trial of trials) {
    const report = firstReportFrom(trial, step);
    if (!report) continue;
    recorded++;
    const losses = lossesOf(report.values, directions);
    if (diverged(losses) || !mayHold(trial)) continue;
    entries.push({ number: trial.number, violation: violation(trial), losses });
  }
  return { recorded, ranked: rank(entries, directions.length) };
}

function rank(entries: Entry[], objectives: number): number[] {
  if (objectives === 1)
    return entries
      .sort(
        (a, b) =>
          compare(a.violation, b.violation) || compare(a.losses[0], b.losses[0]) || a.number - b.number,
      )
      .map((entry) => entry.number);
  const points = entries.map((entry) => entry.losses.map((value) => Math.max(value, -Number.MAX_VALUE)));
  const fronts = nondominationRanks(points);
  const room = crowdingWithinRanks(points, fronts);
  return entries
    .map((entry, i) => ({ ...entry, front: fronts[i], room: room[i] }))
    .sort(
      (a, b) =>
        compare(a.violation, b.violation) ||
        a.front - b.front ||
        compare(b.room, a.room) ||
        a.number - b.number,
    )
    .map((entry) => entry.number);
}

// A difference would be NaN for two infinite numbers.
const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
