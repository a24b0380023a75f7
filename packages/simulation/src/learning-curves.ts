/**
 * Recorded learning curves for trainings that are simulated: the validation accuracy of 945 small networks on
 * handwritten digits over 27 epochs. A study whose space is `digitsSpace` looks its curves up by their parameters;
 * any other study draws one per trial by its seed, so that a trial that is resumed goes on along its curve.
 */
import { readFileSync } from 'node:fs';
import type { SearchSpace, TrialJob } from '@onegin/contracts';
import { curveAt, tableSpace, type CurveTable } from '@onegin/search/testing';

export const digits = JSON.parse(
  readFileSync(new URL('./digits-mlp.json', import.meta.url), 'utf8'),
) as CurveTable;

export const digitsSpace: SearchSpace = tableSpace(digits);

/** Accuracy after each epoch; after the last one it stays. */
export const curveOf = ({ params, seed }: Pick<TrialJob, 'params' | 'seed'>): readonly number[] =>
  digits.order.every((name) => name in params)
    ? curveAt(digits, params)
    : digits.accuracy[seed % digits.accuracy.length]!;

export function recordedAccuracy(job: Pick<TrialJob, 'params' | 'seed'>, epoch: number): number {
  const curve = curveOf(job);
  return curve[Math.min(epoch, curve.length) - 1]!;
}

/** ln of the standard deviation of trial times: some trials take three times as long as others. */
const SPREAD = 0.5;

/**
 * Times of an epoch, in ms, log-normal around a mean and the same for all epochs of a trial: the record holds none,
 * so they are drawn by the trial's seed.
 */
export const drawnEpochMs =
  (meanMs: number) =>
  ({ seed }: Pick<TrialJob, 'seed'>): number => {
    // Two numbers in (0, 1) from one seed by multiplicative hashing, then Box and Muller.
    const unit = (factor: number): number => ((Math.imul(seed + 1, factor) >>> 0) + 0.5) / 2 ** 32;
    const normal = Math.sqrt(-2 * Math.log(unit(2654435761))) * Math.cos(2 * Math.PI * unit(2246822519));
    return meanMs * Math.exp(SPREAD * normal - SPREAD ** 2 / 2);
  };
