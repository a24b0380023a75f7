/**
 * Prunes a trial whose best report so far is worse than the given percentile of what the completed trials
 * reported at the same step (Golovin et al. 2017, "Google Vizier", section 3.2.2, has the median form).
 *
 * With several objectives, values become ranks of nondomination among the completed trials' reports at
 * the step: a trial is pruned where the best rank of its reports lies beyond the percentile of their ranks.
 *
 * Completed trials count with what they reported exactly at the step; of them, diverged ones are left out.
 * A trial of which every report diverged is pruned.
 */
import type { OptionsOf } from '@onegin/contracts';
import type { Trial } from '../trial-history.ts';
import { dominates, nondominationRanks } from '../math/nondomination.ts';
import { quantile } from '../math/quantile.ts';
import { diverged, isDue, lastReport, lossesOf, othersThan, readable, reportAt } from './learning-curve.ts';
import type { Losses } from './learning-curve.ts';
import { goOn, prune, stoppingPruner, type Judgement, type Pruner, type PrunerConfig } from './pruner.ts';

type Options = Omit<OptionsOf<'percentile'>, 'name'>;

export function createPercentilePruner(options: Options, config: PrunerConfig, name = 'percentile'): Pruner {
  const { directions } = config;
  const judge = (trial: Trial, history: readonly Trial[]): Judgement => {
    const { startupTrials, warmupSteps, interval, minTrials } = options;
    const step = lastReport(trial)?.step;
    if (step === undefined || !isDue(trial, warmupSteps, interval)) return goOn('not due at this step');
    const completed = othersThan(trial, history).filter((other) => other.state === 'completed');
    if (completed.length === 0 || completed.length < startupTrials)
      return goOn(`${completed.length} of ${Math.max(1, startupTrials)} start-up trials completed`);

    const own = trial.reports
      .map((report) => lossesOf(report.values, directions))
      .filter((l) => !diverged(l));
    if (own.length === 0) return prune('every report so far is not a number or infinitely bad');
    const theirs = completed
      .map((other) => reportAt(other, step))
      .filter((report) => report !== undefined)
      .map((report) => lossesOf(report.values, directions))
      .filter((losses) => !diverged(losses));
    if (theirs.length < minTrials)
      return goOn(`${theirs.length} of ${minTrials} needed completed trials reported at step ${step}`);

    const compared = compare(own, theirs, options.percentile / 100);
    const standing = `${compared.own} against ${compared.bar}, the ${ordinal(options.percentile)} of ${theirs.length} completed trials at step ${step}`;
    return compared.worse ? prune(`worse: ${standing}`) : goOn(`good enough: ${standing}`);
  };
  return stoppingPruner(name, config, judge);

  function compare(own: Losses[], theirs: Losses[], share: number) {
    if (directions.length === 1) {
      const best = own.reduce((least, [value]) => Math.min(least, value), Infinity);
      const bar = quantile(
        theirs.map(([value]) => value),
        share,
      );
      // Back from losses to the values that people know.
      const shown = (value: number) => readable(directions[0] === 'minimize' ? value : -value);
      return { worse: best > bar, own: `best value ${shown(best)}`, bar: shown(bar) };
    }
    const ranks = nondominationRanks(theirs);
    const best = Math.min(...own.map((losses) => rankAmong(losses, theirs, ranks)));
    const bar = quantile(ranks, share);
    return { worse: best > bar, own: `best rank ${best}`, bar: `rank ${readable(bar)}` };
  }
}

/** The rank that a further point would have: one more than the highest rank of what dominates it. */
function rankAmong(point: Losses, points: readonly Losses[], ranks: ArrayLike<number>): number {
  let rank = 0;
  for (let i = 0; i < points.length; i++)
    if (ranks[i] >= rank && dominates(points[i], point)) rank = ranks[i] + 1;
  return rank;
}

const ordinal = (percentile: number): string => (percentile === 50 ? 'median' : `percentile ${percentile}`);
