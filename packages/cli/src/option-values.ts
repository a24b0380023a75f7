/** From the text of an option to its value. */
import { InvalidArgumentError } from 'commander';
import { durationMs } from '@onegin/contracts';

export const wholeNumber =
  (low: number, high: number) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= low && value <= high) return value;
    throw new InvalidArgumentError(`expected a whole number from ${low} to ${high}.`);
  };

/** A duration of at least a second, or of any length, in seconds. */
export const seconds =
  (least: 0 | 1) =>
  (text: string): number => {
    const ms = durationMs(text);
    if (ms !== undefined && ms >= least * 1000) return Math.ceil(ms / 1000);
    throw new InvalidArgumentError('expected a duration such as 12h or 90d.');
  };
