/**
 * Leaves a trial alone while it improves. Once no objective's best value got better by more than minDelta
 * within the last `patience` reports, the wrapped pruner decides, or the trial is pruned where none is wrapped.
 *
 * A value that stays the same is no improvement (as in early stopping); Optuna's pruner of this name waits
 * until it gets worse. Diverged reports improve nothing.
 */
import type { OptionsOf } from '@onegin/contracts';
import type { Direction, Trial } from '../trial-history.ts';
import { lossesOf } from './learning-curve.ts';
import { goOn, prune, type Pruner, type PrunerConfig } from './pruner.ts';

export function createPatientPruner(
  { patience, minDelta }: OptionsOf<'patient'>,
  { directions, maxSteps }: PrunerConfig,
  wrapped: Pruner | undefined,
): Pruner {
  return {
    name: 'patient',
    judge(trial, history) {
      if (trial.reports.length <= patience)
        return goOn(`${trial.reports.length} of more than ${patience} reports needed`);
      if (improved(trial, patience, minDelta, directions))
        return goOn(`improved within the last ${patience} reports`);
      return (
        wrapped?.judge(trial, history) ??
        prune(`no improvement by more than ${minDelta} within the last ${patience} reports`)
      );
    },
    nextPromotion: (history, options) => wrapped?.nextPromotion(history, options) ?? null,
    runsUntil: (number, step) => wrapped?.runsUntil(number, step) ?? maxSteps,
    peers: (number, history) => wrapped?.peers(number, history) ?? history,
  };
}

function improved(
  trial: Trial,
  patience: number,
  minDelta: number,
  directions: readonly Direction[],
): boolean {
  const losses = trial.reports.map((report) => lossesOf(report.values, directions));
  const before = losses.slice(0, -patience);
  const recent = losses.slice(-patience);
  const best = (part: typeof losses, j: number) => part.reduce((least, l) => Math.min(least, l[j]), Infinity);
  return directions.some((_, j) => {
    const old = best(before, j);
    const now = best(recent, j);
    return now < old && !(old - now <= minDelta);
  });
}
