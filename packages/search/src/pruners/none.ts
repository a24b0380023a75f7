/** Prunes nothing. */
import { goOn, stoppingPruner, type Pruner, type PrunerConfig } from './pruner.ts';

export const createNonePruner = (_options: unknown, config: PrunerConfig): Pruner =>
  stoppingPruner('none', config, () => goOn('nothing is pruned'));
