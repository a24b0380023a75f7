/**
 * Training stability: how quiet the training loss is once training is under way.
 *
 * Over the second half of the steps, with m(t) the running median of the loss and r(t) = loss(t) − m(t):
 *   MAD = median |r|,  level = max(median loss, 0.05 · ln classes)
 *   metric = 1 / (1 + 4 · MAD / level) · (1 − share of steps with r > 6 · MAD)
 *
 * The floor of the level (5% of the loss of guessing) keeps a solved task, whose losses are tiny and therefore
 * relatively noisy, from counting as unstable. A loss that is not finite makes it 0.
 */
import type { HealthValue } from '@onegin/contracts';
import { known, median, unknown } from './value.ts';

const NOISE_WEIGHT = 4;
const SPIKE = 6;
const LEVEL_FLOOR = 0.05;
/** Fewer steps than this say nothing about noise. */
const MIN_STEPS = 16;

/** @param stepLosses mean loss of every step, in order */
export function trainingStability(stepLosses: readonly number[], classes: number): HealthValue {
  if (stepLosses.some((loss) => !Number.isFinite(loss))) return known(0);
  if (stepLosses.length < MIN_STEPS)
    return unknown(`training took ${stepLosses.length} steps, fewer than ${MIN_STEPS}`);
  const late = stepLosses.slice(stepLosses.length >> 1);
  const half = Math.max(2, Math.floor(late.length / 20));
  const residuals = late.map((loss, t) => loss - median(late.slice(Math.max(0, t - half), t + half + 1)));
  const mad = median(residuals.map(Math.abs));
  const level = Math.max(median(late), LEVEL_FLOOR * Math.log(classes));
  // Without any noise every rise above rounding is a spike.
  const spikes = residuals.filter((residual) => residual > Math.max(SPIKE * mad, 1e-9)).length;
  return known((1 / (1 + (NOISE_WEIGHT * mad) / level)) * (1 - spikes / late.length));
}
