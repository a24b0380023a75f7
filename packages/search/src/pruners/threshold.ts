/** Prunes a trial whose last report lies outside fixed bounds or is not a number. */
import type { OptionsOf } from '@onegin/contracts';
import { SearchError } from '../search-error.ts';
import { isDue, lastReport, readable } from './learning-curve.ts';
import { goOn, prune, stoppingPruner, type Pruner, type PrunerConfig } from './pruner.ts';

/** @throws SearchError where the watched objective doesn't exist */
export function createThresholdPruner(options: OptionsOf<'threshold'>, config: PrunerConfig): Pruner {
  const { directions } = config;
  const { lower = -Infinity, upper = Infinity, objective, warmupSteps, interval } = options;
  if (objective >= directions.length)
    throw new SearchError(
      'INVALID_PRUNER_OPTION',
      `pruner.objective: expected the index of one of ${directions.length} objectives, counted from 0, found ${objective}.`,
      'pruner.objective',
    );
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
