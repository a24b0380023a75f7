/**
 * What samplers, pruners, importance and stop rules see of a study: plain trials, oldest first.
 *
 * The same data comes from a running optimizer, from a study log or from a file, so a history replays.
 */
import type { ObjectiveDirection, Params } from '@onegin/contracts';
import * as z from 'zod';

export type TrialOutcome = 'completed' | 'pruned' | 'failed';

export interface Report {
  /** Epoch or other resource, counted from 1. */
  readonly step: number;
  /** One value per objective; NaN where training diverged. */
  readonly values: readonly number[];
}

export interface Trial {
  /** 0, 1, 2, … in the order of asking. */
  readonly number: number;
  readonly params: Params;
  /** `paused` trials wait at a rung and may go on; `running` are outstanding. */
  readonly state: 'running' | 'paused' | TrialOutcome;
  /** One value per objective once completed (a pruned trial may hold its last report), else null. */
  readonly values: readonly number[] | null;
  /** What was reported on the way, by rising step. */
  readonly reports: readonly Report[];
  /** Rises in the order of ending (a log sequence, a time); without it, trials count as ended by number. */
  readonly endedAt?: number;
  /** Feasible where all are ≤ 0; absent without constraints. */
  readonly constraints?: readonly number[];
}

export const directionsSchema = z.array(z.enum(['minimize', 'maximize'])).min(1);
export type Direction = ObjectiveDirection;

/** The value with its sign turned so that smaller is better. */
export const loss = (value: number, direction: Direction): number =>
  direction === 'minimize' ? value : -value;

/** The sum of what its constraints exceed 0 by; 0 where feasible or without constraints; NaN counts as Infinity. */
export function violation({ constraints }: Trial): number {
  if (!constraints) return 0;
  let sum = 0;
  for (const value of constraints) sum += Number.isNaN(value) ? Infinity : Math.max(0, value);
  return sum;
}

/** Whether a model may learn from the trial: it has a value, or reports that stand in for one. */
export const isEvidence = (trial: Trial): boolean =>
  trial.state === 'completed' || trial.state === 'pruned' || trial.state === 'paused';
