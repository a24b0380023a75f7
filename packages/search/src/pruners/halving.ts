/**
 * Asynchronous successive halving on one ladder of rungs (Li et al. 2020, "A System for Massively Parallel
 * Hyperparameter Tuning", algorithm 2).
 *
 *   k      trials that reached a rung so far
 *   quota  ⌊k / η⌋ of them go on, the best ones; the least is 1 when only stopping, and 1 when closing
 *
 * A trial that arrives within the quota goes straight on. Else it pauses, and `promotion` takes it up once
 * later arrivals have widened the quota; or, when only stopping, it is pruned for good.
 */
import type { Direction, Trial } from '../trial-history.ts';
import {
  diverged,
  firstReportFrom,
  lastReport,
  lossesOf,
  othersThan,
  readableAll,
} from './learning-curve.ts';
import { goOn, pause, prune, type Judgement, type PromotionOptions } from './pruner.ts';
import { rungReached, standingAt } from './rung.ts';

export interface Halving {
  readonly rungs: readonly number[];
  readonly reduction: number;
  readonly mode: 'promote' | 'stop';
  readonly directions: readonly Direction[];
}

/** With this many trials, the best tenth that samplers learn from holds three trials. */
const ENOUGH_TO_LEARN = 30;

export function judgeByHalving(halving: Halving, trial: Trial, history: readonly Trial[]): Judgement {
  const { rungs, reduction, mode, directions } = halving;
  const report = lastReport(trial);
  const rung = rungReached(trial, rungs);
  if (!report || rung < 0) return goOn('before the first rung');
  const step = rungs[rung];
  const previous = trial.reports.at(-2);
  if (previous && previous.step >= step) return goOn(`between rungs, past step ${step}`);

  const shown = `${readableAll(report.values)} at the rung of step ${step}`;
  if (diverged(lossesOf(report.values, directions))) return prune(`diverged: ${shown}`);
  const { recorded, ranked } = standingAt(
    step,
    [...othersThan(trial, history), trial],
    directions,
    (other) => other.number === trial.number || mayHoldPlace(halving, other),
  );
  const quota = Math.max(mode === 'stop' ? 1 : 0, Math.floor(recorded / reduction));
  const place = ranked.indexOf(trial.number) + 1;
  const standing = `${shown} is place ${place} of ${recorded}, where the best ${quota} go on`;
  if (place <= quota) return goOn(standing);
  return mode === 'stop' ? prune(standing) : pause(standing);
}

/** The paused trial that goes on next: the best at the highest rung that has room. */
export function promotionByHalving(
  halving: Halving,
  history: readonly Trial[],
  { closing = false }: PromotionOptions = {},
): { readonly number: number; readonly step: number } | null {
  const { rungs, reduction, mode, directions } = halving;
  const paused = new Map<number, number>();
  for (const trial of history)
    if (trial.state === 'paused') paused.set(trial.number, rungReached(trial, rungs));
  if (mode === 'stop' || paused.size === 0) return null;
  for (let rung = rungs.length - 1; rung >= 0; rung--) {
    const { recorded, ranked } = standingAt(rungs[rung], history, directions, (trial) =>
      mayHoldPlace(halving, trial),
    );
    const quota = Math.max(closing ? 1 : 0, Math.floor(recorded / reduction));
    const number = ranked.slice(0, quota).find((candidate) => paused.get(candidate) === rung);
    if (number !== undefined) return { number, step: rungs[rung] };
  }
  return null;
}

/**
 * The history as a sampler should see it: what trials were worth at one rung, the highest that enough of them
 * reached (as BOHB's model: Falkner, Klein & Hutter 2018, section 3.2). Trials that went further count with
 * what they had there, for being the first to complete makes a trial neither good nor bad; those that paused
 * before stay as they are. Once enough have completed, it is the history itself.
 */
export function viewAtRung({ rungs }: Halving, history: readonly Trial[]): readonly Trial[] {
  const completed = history.filter((trial) => trial.state === 'completed');
  if (rungs.length === 0 || completed.length >= ENOUGH_TO_LEARN) return history;
  const reached = (step: number) => history.filter((trial) => firstReportFrom(trial, step)).length;
  const step = rungs.findLast((rung) => reached(rung) >= ENOUGH_TO_LEARN) ?? rungs[0];
  return history.map((trial): Trial => {
    const report = trial.state === 'failed' ? undefined : firstReportFrom(trial, step);
    // A sampler's "completed" is: has a value that compares with the others'.
    return report ? { ...trial, state: 'completed', values: report.values } : trial;
  });
}

/** Where trials pause: the next rung after a step. */
export const nextPause = ({ rungs, mode }: Halving, step: number, maxSteps: number): number =>
  (mode === 'promote' ? rungs.find((rung) => rung > step) : undefined) ?? maxSteps;

/**
 * Failed trials leave their place to the next. So do pruned ones where trials pause, since there they didn't
 * lose against the others; where trials are only stopped, those that lost keep their place in the comparison.
 */
const mayHoldPlace = ({ mode }: Halving, { state }: Trial): boolean =>
  state !== 'failed' && (mode === 'stop' || state !== 'pruned');
