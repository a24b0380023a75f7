/** The percentile pruner at 50: prunes a trial whose best report is worse than the median at its step. */
import type { OptionsOf } from '@onegin/contracts';
import { createPercentilePruner } from './percentile.ts';
import type { Pruner, PrunerConfig } from './pruner.ts';

export const createMedianPruner = (options: OptionsOf<'median'>, config: PrunerConfig): Pruner =>
  createPercentilePruner({ ...options, percentile: 50 }, config, 'median');
