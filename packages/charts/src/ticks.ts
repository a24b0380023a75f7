/** Round numbers for axes, so that their ends and lines are ones that people say. */

/** The smallest of 1, 2, 5 · 10ᵏ that is at least `least`. */
export function niceStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((f) => f * power >= least * (1 - 1e-9)) ?? 10;
  return clean(factor * power);
}

/** Steps of a clock: seconds to days. */
const CLOCK = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** A step of whole seconds, minutes or hours, for at most about `count` of them in `seconds`. */
export const clockStep = (seconds: number, count: number): number =>
  CLOCK.find((step) => seconds / step <= count) ?? 86_400 * niceStep(seconds / 86_400 / count);

export interface Limits {
  readonly min: number;
  readonly max: number;
  readonly interval: number;
}

/** Multiples of a round step around [low, high], with about `count` steps; of one value, a step around it. */
export function niceLimits(low: number, high: number, count = 5): Limits {
  const span = high - low || Math.abs(high) * 0.1 || 1;
  const interval = niceStep(span / count);
  const min = clean(Math.floor(low / interval + 1e-9) * interval);
  const max = clean(Math.ceil(high / interval - 1e-9) * interval);
  return max > min
    ? { min, max, interval }
    : { min: clean(min - interval), max: clean(max + interval), interval };
}

/** Round numbers on a logarithmic axis: decades, and where there are few of them 2 and 5 in between. */
export function logTicks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  const factors = decades > 2.5 ? [1] : decades > 1.2 ? [1, 3] : [1, 2, 3, 5, 7];
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++)
    for (const factor of factors) {
      const tick = clean(factor * 10 ** power);
      if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push(tick);
    }
  const every = Math.ceil(ticks.length / 8);
  return ticks.filter((_, i) => i % every === 0);
}

/** Without the last binary digits' dust: 0.30000000000000004 is 0.3. */
const clean = (value: number): number => Number(value.toPrecision(15));
