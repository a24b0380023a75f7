/**
 * What importance is computed from: completed trials with finite values whose parameters fit the current space.
 *
 * Left out, and counted: completed trials with a NaN or infinite value, with a value outside its parameter's
 * present range or choices, or without a parameter that is active in them. Parameters that the space doesn't
 * know are ignored.
 */
import { isActiveIn, toRow, type EncodedSpace } from '../space-encoding.ts';
import type { Trial } from '../trial-history.ts';

export interface Evidence {
  readonly encoded: EncodedSpace;
  /** One row per trial (see space-encoding): NaN where a parameter is not active. */
  readonly rows: readonly Float64Array[];
  /** Objective values of each trial, as reported. */
  readonly values: readonly (readonly number[])[];
  /** Completed trials that could not be used. */
  readonly leftOut: number;
}

export interface Unavailable {
  readonly available: false;
  /** One sentence for people: why there are no numbers. */
  readonly reason: string;
}

/** Below this, what looks like an effect is mostly chance. */
export const LEAST_TRIALS = 10;

export const unavailable = (reason: string): Unavailable => ({ available: false, reason });

export function gatherEvidence(
  encoded: EncodedSpace,
  history: readonly Trial[],
  objectives: number,
): Evidence {
  const rows: Float64Array[] = [];
  const values: (readonly number[])[] = [];
  let leftOut = 0;
  for (const trial of history) {
    if (trial.state !== 'completed' || !trial.values) continue;
    const row = toRow(encoded, trial.params);
    const whole = encoded.dimensions.every(
      (dimension, i) => isActiveIn(dimension, row) !== Number.isNaN(row[i]),
    );
    const sound = trial.values.length === objectives && trial.values.every(Number.isFinite);
    if (!whole || !sound) leftOut++;
    else {
      rows.push(row);
      values.push(trial.values);
    }
  }
  return { encoded, rows, values, leftOut };
}

/** Why nothing can be said about this evidence; null where something can. */
export function whyTooLittle(
  { rows, values, leftOut }: Evidence,
  objective: number | 'front',
): string | null {
  if (rows.length < LEAST_TRIALS) {
    const more = leftOut > 0 ? `; ${leftOut} more don't fit the current space or have no finite value` : '';
    return `Importance needs at least ${LEAST_TRIALS} completed trials, there are ${rows.length}${more}.`;
  }
  const watched = objective === 'front' ? values[0].map((_, m) => m) : [objective];
  if (watched.every((m) => values.every((v) => v[m] === values[0][m])))
    return `All ${rows.length} completed trials have the same value: no parameter made a difference.`;
  return null;
}
