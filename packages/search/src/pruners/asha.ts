/** Asynchronous successive halving with one ladder of rungs; see halving.ts. */
import type { OptionsOf } from '@onegin/contracts';
import { judgeByHalving, nextPause, promotionByHalving, viewAtRung, type Halving } from './halving.ts';
import type { Pruner, PrunerConfig } from './pruner.ts';
import { rungSteps } from './rung.ts';

export function createAshaPruner(options: OptionsOf<'asha'>, config: PrunerConfig): Pruner {
  const { minSteps, reduction, mode } = options;
  const { directions, maxSteps } = config;
  const halving: Halving = { rungs: rungSteps(minSteps, reduction, maxSteps), reduction, mode, directions };
  return {
    name: 'asha',
    judge: (trial, history) => judgeByHalving(halving, trial, history),
    nextPromotion: (history, closing) => promotionByHalving(halving, history, closing)?.number ?? null,
    runsUntil: (_number, step) => nextPause(halving, step, maxSteps),
    peers: (_number, history) => viewAtRung(halving, history),
  };
}
