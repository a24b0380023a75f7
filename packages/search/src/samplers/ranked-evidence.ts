/** The evaluated trials as evolution sees them: a row and its place in one order, by trial number. */
import { isActiveIn } from '../space-encoding.ts';
import { isEvidence, loss, violation } from '../trial-history.ts';
import type { SamplerContext } from './sampler.ts';

export interface RankedTrial {
  readonly row: Float64Array;
  /** First objective, smaller is better. */
  readonly order: number;
  /** All objectives, smaller is better. */
  readonly losses: readonly number[];
  /** 0 where feasible. */
  readonly violation: number;
}

/**
 * Completed trials, and pruned or paused ones with a value: they rank behind the completed median, for they
 * were stopped because they were worse. Trials outside the current space are left out.
 */
export function rankedEvidence({ encoded, table, directions }: SamplerContext): RankedTrial[] {
  const ranked: RankedTrial[] = [];
  const completed: number[] = [];
  const stopped: number[] = [];
  table.trials.forEach((trial, i) => {
    if (!isEvidence(trial) || trial.values?.length !== directions.length) return;
    const row = table.rows[i]!;
    if (encoded.dimensions.some((dimension, d) => isActiveIn(dimension, row) && Number.isNaN(row[d]!)))
      return;
    const losses = directions.map((direction, m) => {
      const value = loss(trial.values![m]!, direction);
      return Number.isNaN(value) ? Infinity : value;
    });
    if (trial.state === 'completed') completed.push(losses[0]!);
    else stopped.push(ranked.length);
    ranked.push({ row, order: losses[0]!, losses, violation: violation(trial) });
  });
  if (stopped.length > 0 && completed.length > 0) {
    const median = Float64Array.from(completed).sort()[Math.floor(completed.length / 2)]!;
    for (const i of stopped) ranked[i] = { ...ranked[i]!, order: Math.max(median, ranked[i]!.order) };
  }
  return ranked;
}
