/**
 * Prunes a trial whose reports are significantly worse than the best trial's at the same steps, by Wilcoxon's
 * signed-rank test on the paired differences. Made for steps that are repetitions (folds, problem instances):
 * successive epochs depend on each other, which makes the test too sure of itself.
 *
 *   d_s   loss of the trial − loss of the best completed trial, at every step s that both reported
 *   H1    d is positive (worse); pruned where p < pThreshold and the mean of d is positive, too
 *
 * With several objectives, d_s is 1 where the best trial's report dominates, −1 where it is dominated, else 0
 * (a sign test), and the trial is compared with every trial of the Pareto front; one that is better is enough.
 */
import type { OptionsOf } from '@onegin/contracts';
import { bestTrial, paretoTrials } from '../best-trial.ts';
import type { Direction, Trial } from '../trial-history.ts';
import { dominates } from '../math/nondomination.ts';
import { signedRankPValue } from '../math/signed-rank-test.ts';
import { diverged, lossesOf, othersThan, readable, reportAt } from './learning-curve.ts';
import { goOn, prune, stoppingPruner, type Judgement, type Pruner, type PrunerConfig } from './pruner.ts';

export function createWilcoxonPruner(options: OptionsOf<'wilcoxon'>, config: PrunerConfig): Pruner {
  const { directions } = config;
  const { pThreshold, startupSteps } = options;
  return stoppingPruner('wilcoxon', config, (trial, history): Judgement => {
    const best = bestTrials(othersThan(trial, history), directions);
    if (best.length === 0) return goOn('no completed trial to compare with');
    let reason = `not significantly worse than trial ${best.map((b) => b.number).join(', ')}`;
    for (const rival of best) {
      const differences = pairedDifferences(trial, rival, directions);
      // One pair can't be significant; the test needs two.
      if (differences.length < Math.max(2, startupSteps)) {
        reason = `${differences.length} of ${Math.max(2, startupSteps)} needed steps shared with trial ${rival.number}`;
        continue;
      }
      const p = signedRankPValue(differences);
      const mean = differences.reduce((sum, d) => sum + d, 0) / differences.length;
      if (p < pThreshold && !(mean <= 0))
        return prune(
          `worse than trial ${rival.number} over ${differences.length} shared steps (p = ${readable(p)} < ${pThreshold})`,
        );
    }
    return goOn(reason);
  });
}

/** The best completed feasible trial (the first of equal ones); with several objectives the Pareto front. */
function bestTrials(history: readonly Trial[], directions: readonly Direction[]): readonly Trial[] {
  const sound = history.filter((trial) => trial.values && !diverged(lossesOf(trial.values, directions)));
  if (directions.length > 1) return paretoTrials(sound, directions);
  const best = bestTrial(sound, directions[0]);
  return best ? [best] : [];
}

function pairedDifferences(trial: Trial, rival: Trial, directions: readonly Direction[]): number[] {
  const differences: number[] = [];
  for (const report of trial.reports) {
    const paired = reportAt(rival, report.step);
    if (!paired) continue;
    const own = lossesOf(report.values, directions);
    const theirs = lossesOf(paired.values, directions);
    const difference =
      directions.length === 1
        ? own[0] - theirs[0]
        : Number(dominates(theirs, own)) - Number(dominates(own, theirs));
    // Both infinite: neither is worse.
    differences.push(Number.isNaN(difference) ? 0 : difference);
  }
  return differences;
}
