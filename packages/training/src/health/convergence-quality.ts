/**
 * Convergence quality: whether training fell steadily, kept what it gained, and has arrived.
 *
 * Over the validation losses L₁ … L_E, with L₀ = ln classes, the loss of guessing:
 *   falling = (1 − ρ) / 2,  ρ Spearman's rank correlation of epoch and loss
 *   kept    = (L₀ − L_E) / (L₀ − min L), 0 when no epoch beat guessing
 *   settled = 1 / (1 + 10 · |change over the last quarter| / (L₀ − min L))
 *   metric  = mean of the three
 *
 * With one epoch the same is computed on the training loss within it, in 16 equal stretches.
 */
import type { HealthValue } from '@onegin/contracts';
import { clamp, known, mean, unknown } from './value.ts';

const STRETCHES = 16;
const SETTLED_WEIGHT = 10;

export function convergenceQuality(
  validationLosses: readonly number[],
  stepLosses: readonly number[],
  classes: number,
): HealthValue {
  if ([...validationLosses, ...stepLosses].some((loss) => !Number.isFinite(loss))) return known(0);
  if (validationLosses.length > 1) return known(quality(validationLosses, classes));
  if (stepLosses.length < 2 * STRETCHES)
    return unknown(`one epoch of ${stepLosses.length} steps shows no curve; ${2 * STRETCHES} steps would`);
  const stretches = Array.from({ length: STRETCHES }, (_, i) => {
    const cut = (k: number) => Math.round((k * stepLosses.length) / STRETCHES);
    return mean(stepLosses.slice(cut(i), cut(i + 1)));
  });
  return known(quality(stretches, classes));
}

function quality(losses: readonly number[], classes: number): number {
  const guessing = Math.log(classes);
  const gain = guessing - Math.min(...losses);
  if (gain <= 0) return 0;
  const order = losses.map((_, i) => i);
  const falling = (1 - spearman(order, losses)) / 2;
  const kept = clamp((guessing - losses.at(-1)!) / gain);
  const quarter = Math.max(2, Math.ceil(losses.length / 4));
  const change = Math.abs(losses.at(-1)! - losses.at(-quarter)!);
  const settled = 1 / (1 + (SETTLED_WEIGHT * change) / gain);
  return mean([falling, kept, settled]);
}

/** Spearman's rank correlation; ties share their mean rank. 0 when either side is constant. */
export function spearman(a: readonly number[], b: readonly number[]): number {
  const ranksA = ranks(a);
  const ranksB = ranks(b);
  const middle = (a.length - 1) / 2;
  let covariance = 0;
  let varianceA = 0;
  let varianceB = 0;
  for (let i = 0; i < a.length; i++) {
    const da = ranksA[i]! - middle;
    const db = ranksB[i]! - middle;
    covariance += da * db;
    varianceA += da * da;
    varianceB += db * db;
  }
  return varianceA > 0 && varianceB > 0 ? covariance / Math.sqrt(varianceA * varianceB) : 0;
}

function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((p, q) => values[p]! - values[q]!);
  const result = new Array<number>(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let k = from; k < to; k++) result[order[k]!] = (from + to - 1) / 2;
    from = to;
  }
  return result;
}
