export { createPruner } from './create-pruner.ts';
export type { Judgement, PromotionOptions, Pruner, PrunerConfig } from './pruner.ts';
