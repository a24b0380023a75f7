/** The planned layers that end a block of one operation: max pooling, then ReLU, either of which may be missing. */
import type { BlockEnd } from '../../engine/engine.ts';
import type { LayerOf, PlannedLayer } from '../plan.ts';

export interface PlannedEnd {
  pool: LayerOf<'maxPooling'> | undefined;
  /** An activation of the kind ReLU. */
  relu: LayerOf<'activation'> | undefined;
}

export const blockEndOf = ({ pool, relu }: PlannedEnd): BlockEnd => ({
  poolSize: pool ? pool.poolSize : 1,
  relu: relu !== undefined,
});

/** What of the plan from `at` on ends the block of the layer before. */
export function plannedEndAt(plan: readonly PlannedLayer[], at: number): PlannedEnd {
  const next = plan[at];
  const pool = next?.type === 'maxPooling' ? next : undefined;
  const then = pool ? plan[at + 1] : next;
  const relu = then?.type === 'activation' && then.activation === 'relu' ? then : undefined;
  return { pool, relu };
}

/** How many planned layers it stands for. */
export const lengthOfEnd = ({ pool, relu }: PlannedEnd): number => Number(!!pool) + Number(!!relu);
