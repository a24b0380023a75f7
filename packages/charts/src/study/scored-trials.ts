/** What study charts share: which objective, which trials have a value, what part of the values is the picture. */
import { objectiveNames, type ObjectiveDirection, type StudyState, type TrialState } from '@onegin/contracts';
import { plural } from '../format.ts';
import { finite } from '../gaps.ts';
import { extent, quantile } from '../thinning.ts';
import { niceLimits, type Limits } from '../ticks.ts';

/** What a page chooses about a study chart; everything has a default. */
export interface StudyChoice {
  /** Index of the objective, for studies with several. */
  readonly objective?: number;
  /** Parameters of a chart of a few of them, the most interesting first. */
  readonly parameters?: readonly string[];
  /** Shares of importance by parameter, where they have been computed. */
  readonly importance?: readonly ImportanceShare[];
  /** Lines of parallel coordinates; a canvas takes thousands, a file a thousand. */
  readonly mostLines?: number;
  /** The trials that count; all where it is absent. */
  readonly only?: ReadonlySet<number>;
  /** Milliseconds since 1970 to which running trials are drawn; without it, the study's last sign of life. */
  readonly now?: number;
}

export interface ImportanceShare {
  readonly parameter: string;
  /** At least 0; shares of all parameters need not sum to 1. */
  readonly importance: number;
}

export interface Objective {
  readonly index: number;
  readonly name: string;
  readonly direction: ObjectiveDirection;
}

export function objectiveOf(state: StudyState, { objective = 0 }: StudyChoice = {}): Objective {
  const all = objectiveNames(state.config.objective.mode);
  const index = Math.min(Math.max(0, objective), all.length - 1);
  return { index, ...all[index]! };
}

export interface ScoredTrial {
  readonly number: number;
  readonly value: number;
  readonly trial: TrialState;
}

/** The completed trials whose objective is a finite number, by number. */
export function scoredTrials(
  state: StudyState,
  { index }: Objective,
  { only }: Pick<StudyChoice, 'only'> = {},
): ScoredTrial[] {
  const scored: ScoredTrial[] = [];
  for (const trial of state.trials) {
    if (trial?.status !== 'completed' || only?.has(trial.number) === false) continue;
    const value = finite(trial.values?.[index]);
    if (value !== null) scored.push({ number: trial.number, value, trial });
  }
  return scored;
}

export const isBetter = (a: number, b: number, direction: ObjectiveDirection): boolean =>
  direction === 'maximize' ? a > b : a < b;

export function bestOf(scored: readonly ScoredTrial[], { direction }: Objective): ScoredTrial | null {
  let best: ScoredTrial | null = null;
  for (const trial of scored) if (!best || isBetter(trial.value, best.value, direction)) best = trial;
  return best;
}

export interface ValueRange {
  readonly low: number;
  readonly high: number;
  /** How many values lie beyond, on the bad side. */
  readonly beyond: number;
}

/** Bad values this many interquartile ranges past the worse quartile are no part of the picture (Tukey's far out). */
const FAR_OUT = 3;
/** Up to this many values every one of them is. */
const FEW = 8;

/**
 * The range that a chart shows: from the best value to the worst that is not far out, so that one failed
 * trial at 10% does not press a hundred others into a line. Null without values.
 */
export function shownRange(values: readonly number[], direction: ObjectiveDirection): ValueRange | null {
  const whole = extent(values);
  if (!whole) return null;
  const [low, high] = whole;
  if (values.length < FEW) return { low, high, beyond: 0 };
  const sorted = Float64Array.from(values).sort() as unknown as number[];
  const [q1, q3] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const reach = FAR_OUT * (q3 - q1);
  const inside = direction === 'maximize' ? (v: number) => v >= q1 - reach : (v: number) => v <= q3 + reach;
  const shown = extent(values.filter(inside))!;
  const beyond = values.reduce((count, value) => count + (inside(value) ? 0 : 1), 0);
  return { low: shown[0], high: shown[1], beyond };
}

/** What most charts of a study begin with: its objective, the trials that have a value of it, what of it is shown. */
export function scoredStudy(state: StudyState, choice: StudyChoice = {}) {
  const objective = objectiveOf(state, choice);
  const scored = scoredTrials(state, objective, choice);
  const values = scored.map(({ value }) => value);
  return { objective, scored, range: shownRange(values, objective.direction) };
}

/** What a chart's note says of trials beyond its range; null where there are none. */
export const beyondNote = (range: ValueRange | null, where: string): string | null =>
  range && range.beyond > 0
    ? `${plural(range.beyond, 'trial')} far worse than the others, ${where} the edge.`
    : null;

/** What it says where not every trial is drawn. */
export const drawnNote = (shown: number, all: number): string | null =>
  shown < all ? `${shown} of ${plural(all, 'trial')} drawn.` : null;

export const clampTo = (value: number, { low, high }: Pick<ValueRange, 'low' | 'high'>): number =>
  Math.min(high, Math.max(low, value));

/** Round axis limits around the range, with air; without a range from 0 to 1. */
export function limitsOf(range: ValueRange | null, count = 6): Limits {
  if (!range) return { min: 0, max: 1, interval: 0.2 };
  const air = 0.04 * (range.high - range.low);
  return niceLimits(range.low - air, range.high + air, count);
}

/** The same for shares, of which none is above 1 or below 0. */
export function shareLimits(range: ValueRange | null, count = 6): Limits {
  const { min, max, interval } = limitsOf(range, count);
  return { min: Math.max(0, min), max: Math.min(1, max), interval };
}

/** Where a value stands between the worst and the best shown, in [0, 1]: its place on the color scale. */
export function goodness(value: number, { low, high }: ValueRange, direction: ObjectiveDirection): number {
  const share = high > low ? (Math.min(high, Math.max(low, value)) - low) / (high - low) : 1;
  return direction === 'maximize' ? share : 1 - (high > low ? share : 0);
}

export const better = ({ direction }: Objective): string =>
  direction === 'maximize' ? 'higher is better' : 'lower is better';

export const NO_TRIAL_YET = 'Points appear here as trials complete.';
