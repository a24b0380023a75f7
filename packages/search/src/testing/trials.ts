/** Trials for specs, from curves: `completed(3, [0.5, 0.4])` reports 0.5 at step 1 and 0.4 at step 2. */
import type { Trial } from '../trial-history.ts';

type Curve = readonly (number | readonly number[])[];

export function trialOf(
  number: number,
  state: Trial['state'],
  curve: Curve,
  extra: Partial<Trial> = {},
): Trial {
  const reports = curve.map((values, i) => ({
    step: i + 1,
    values: typeof values === 'number' ? [values] : values,
  }));
  const last = reports.at(-1)?.values ?? null;
  const values = state === 'completed' || state === 'pruned' ? last : null;
  return { number, params: {}, state, values, reports, ...extra };
}

export const completed = (number: number, curve: Curve, extra?: Partial<Trial>): Trial =>
  trialOf(number, 'completed', curve, extra);
export const paused = (number: number, curve: Curve, extra?: Partial<Trial>): Trial =>
  trialOf(number, 'paused', curve, extra);
export const running = (number: number, curve: Curve, extra?: Partial<Trial>): Trial =>
  trialOf(number, 'running', curve, extra);
