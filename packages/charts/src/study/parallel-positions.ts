/** Where the line of a trial crosses the axes of parallel coordinates: by the share of each range, from 0 to 1. */
import type { Params } from '@onegin/contracts';
import { axisShare, axisValue, type ParameterScale } from './parameter-scale.ts';
import { clampTo } from './scored-trials.ts';

/** Where a conditional parameter that a trial did not use has its place, below the range. */
export const NOT_USED = -0.14;

/** Where a trial's line crosses the axis of a parameter. */
export function parameterPosition(scale: ParameterScale, params: Params): number {
  const at = axisValue(scale, params);
  return at === null ? NOT_USED : axisShare(scale, at);
}

/** Where it ends on the axis of the objective. @param range what the axis shows */
export const objectivePosition = (value: number, range: { low: number; high: number } | null): number =>
  range && range.high > range.low ? (clampTo(value, range) - range.low) / (range.high - range.low) : 0.5;
