/** Prunes nothing. */
import { goOn, stoppingPruner, type Pruner } from './pruner.ts';

export const createNonePruner = (): Pruner => stoppingPruner('none', () => goOn('nothing is pruned'));
