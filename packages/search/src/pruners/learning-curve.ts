/**
 * Reading a trial's reports as losses: every objective turned so that smaller is better, NaN as +∞ so that a
 * diverged step is worse than any other. Reports stand by rising step.
 */
import { partitionPoint } from '../math/partition-point.ts';
import { loss, type Direction, type Report, type Trial } from '../trial-history.ts';

export type Losses = readonly number[];

export const lossesOf = (values: readonly number[], directions: readonly Direction[]): Losses =>
  directions.map((direction, j) => {
    const value = loss(values[j], direction);
    return Number.isNaN(value) || value === undefined ? Infinity : value;
  });

/** Whether training is beyond repair there: some objective is NaN or as bad as can be. */
export const diverged = (losses: Losses): boolean => losses.includes(Infinity);

export const lastReport = (trial: Trial): Report | undefined => trial.reports.at(-1);

/** The first report at the step or after it, since not every step needs to be reported. */
export const firstReportFrom = ({ reports }: Trial, step: number): Report | undefined =>
  reports[partitionPoint(reports.length, (place) => reports[place].step < step)];

export function reportAt(trial: Trial, step: number): Report | undefined {
  const report = firstReportFrom(trial, step);
  return report?.step === step ? report : undefined;
}

/** The history without the trial itself. */
export const othersThan = (trial: Trial, history: readonly Trial[]): Trial[] =>
  history.filter((other) => other.number !== trial.number);

/** A number as people read it in a reason: 0.9132, 1.2e-7, −∞. */
export function readable(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? '∞' : '−∞';
  return String(Number(value.toPrecision(4)));
}

export const readableAll = (values: readonly number[]): string => values.map(readable).join(', ');

/**
 * Whether the last report is the first one of its interval after the warm-up. Steps 1…warmup are never judged;
 * with interval 3 and warm-up 2, the intervals are 3–5, 6–8, …
 */
export function isDue(trial: Trial, warmupSteps: number, interval: number): boolean {
  const cell = (step: number) => Math.floor((step - 1 - warmupSteps) / interval);
  const last = lastReport(trial);
  if (!last || last.step <= warmupSteps) return false;
  const previous = trial.reports.at(-2);
  return !previous || previous.step <= warmupSteps || cell(previous.step) < cell(last.step);
}
