/** Prunes a trial whose last report lies outside fixed bounds or is not a number. */
import type { OptionsOf } from '@onegin/contracts';
import { isDue, lastReport, readable } from './learning-curve.ts';
import { goOn, prune, stoppingPruner, type Pruner, type PrunerConfig } from './pruner.ts';

export function createThresholdPruner(options: OptionsOf<'threshold'>, config: PrunerConfig): Pruner {
  const { lower = -Infinity, upper = Infinity, objective, warmupSteps, interval } = options;
  return stoppingPruner('threshold', config, (trial) => {
    const report = lastReport(trial);
    if (!report || !isDue(trial, warmupSteps, interval)) return goOn('not due at this step');
    const value = report.values[objective];
    const shown = `${readable(value)} at step ${report.step}`;
    if (Number.isNaN(value)) return prune(`the value is ${shown}`);
    if (value < lower) return prune(`${shown} is below ${readable(lower)}`);
    if (value > upper) return prune(`${shown} is above ${readable(upper)}`);
    return goOn(`${shown} is within the bounds`);
  });
}
