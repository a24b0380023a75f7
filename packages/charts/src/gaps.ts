/** A number that may be missing. JSON has no NaN, and a diverged epoch has no loss: both are a gap in a line. */
export type Gap = number | null;

export const finite = (value: number | null | undefined): Gap =>
  value === null || value === undefined || !Number.isFinite(value) ? null : value;
