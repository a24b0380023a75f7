/** Small helpers that all metrics share. */
import type { HealthValue } from '@onegin/contracts';

/** A known metric; rounding may leave it a hair outside [0, 1]. */
export const known = (value: number): HealthValue => ({ known: true, value: clamp(value) });

/** A metric that the data does not allow, and why. */
export const unknown = (reason: string): HealthValue => ({ known: false, value: null, reason });

export const clamp = (value: number): number => Math.min(1, Math.max(0, value));

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
