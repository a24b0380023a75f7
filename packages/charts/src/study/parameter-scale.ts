/**
 * A parameter as an axis. Numbers stand on their (logarithmic) range, choices side by side; a conditional
 * parameter that a trial did not use has no place on it, and the charts say so instead of drawing a value.
 */
import type { Parameter, Params, ParamValue, StudyState } from '@onegin/contracts';
import { formatNumber, plainName } from '../format.ts';
import type { ImportanceShare, ScoredTrial, StudyChoice } from './scored-trials.ts';

export interface ParameterScale {
  readonly name: string;
  readonly log: boolean;
  /** The choices of a categorical parameter; null for numbers. */
  readonly categories: readonly string[] | null;
  /** Ends of the axis; for categories 0 and their number − 1. */
  readonly low: number;
  readonly high: number;
  /** Distance of the values that a number can take; null where it can take any, and for categories. */
  readonly step: number | null;
  /** Whether a condition may switch the parameter off. */
  readonly conditional: boolean;
}

/** Scales of all parameters of the study's space, in its order. Values outside of a range widen it. */
export const parameterScales = (state: StudyState): ParameterScale[] =>
  Object.keys(state.config.space).flatMap((name) => parameterScale(state, name) ?? []);

/** The scale of one parameter; null where the space has none of this name. */
export function parameterScale(state: StudyState, name: string): ParameterScale | null {
  const parameter = Object.hasOwn(state.config.space, name) ? state.config.space[name] : undefined;
  if (!parameter) return null;
  const conditional = parameter.when !== undefined;
  if (parameter.type === 'categorical') {
    const categories = choiceNames(parameter.choices, state.trials, name);
    return { name, log: false, categories, low: 0, high: categories.length - 1, step: null, conditional };
  }
  return { name, categories: null, conditional, ...numericRange(parameter, state.trials, name) };
}

type Trials = StudyState['trials'];

// Both run over every trial for each chart that is drawn, so they gather nothing on the way.

function choiceNames(choices: readonly ParamValue[], trials: Trials, name: string): string[] {
  const names = new Set(choices.map(String));
  let last: ParamValue | undefined;
  for (const trial of trials) {
    const value = trial?.params[name];
    if (value === undefined || value === last) continue;
    last = value;
    // An enqueued trial may have used a choice that the space does not list.
    names.add(String(value));
  }
  return [...names];
}

function numericRange(parameter: Exclude<Parameter, { type: 'categorical' }>, trials: Trials, name: string) {
  let { low, high } = parameter;
  for (const trial of trials) {
    const value = trial?.params[name];
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const step = parameter.step ?? (parameter.type === 'int' ? 1 : null);
  return { log: parameter.log === true && low > 0, low, high, step };
}

/** The value as a number on the scale's axis: itself, or a category's index; null where the trial has none. */
export function axisValue(scale: ParameterScale, params: Params): number | null {
  const value = params[scale.name];
  if (value === undefined) return null;
  if (scale.categories) {
    const index = scale.categories.indexOf(String(value));
    return index >= 0 ? index : null;
  }
  return typeof value === 'number' && Number.isFinite(value) && !(scale.log && value <= 0) ? value : null;
}

/** Where an axis value lies between the ends, in [0, 1]; the middle where both ends are one. */
export function axisShare({ low, high, log }: ParameterScale, value: number): number {
  if (high <= low) return 0.5;
  return log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** The axis value at a share of the way, the inverse of `axisShare`. */
export const axisValueAt = ({ low, high, log }: ParameterScale, share: number): number =>
  log ? low * (high / low) ** share : low + share * (high - low);

/** A parameter's value as text. */
export const formatParameter = (value: ParamValue | undefined): string =>
  value === undefined
    ? 'not used'
    : typeof value === 'number'
      ? formatNumber(value, 3)
      : plainName(value, 40);

/** Lines of a tooltip: the trial's parameters. */
export const parameterLines = (params: Params): string[] =>
  Object.entries(params).map(([name, value]) => `${plainName(name)}: ${formatParameter(value)}`);

/** Parameters that take more than one value, most important first, else in the order of the space. */
export function scalesByInterest(
  state: StudyState,
  { parameters, importance }: StudyChoice,
): ParameterScale[] {
  if (parameters) return parameters.flatMap((name) => parameterScale(state, name) ?? []);
  const varied = parameterScales(state).filter(({ low, high }) => high > low);
  if (!importance) return varied;
  const rank = new Map(byImportance(importance).map(({ parameter }, i) => [parameter, i]));
  const rankOf = ({ name }: ParameterScale) => rank.get(name) ?? rank.size;
  return [...varied].sort((a, b) => rankOf(a) - rankOf(b));
}

export const byImportance = (importance: readonly ImportanceShare[]): ImportanceShare[] =>
  [...importance].sort((a, b) => b.importance - a.importance);

/** Up to `limit` scales for a chart of pairs: unconditional ones first, as pairs of conditional ones rarely meet. */
export function pairableScales(
  state: StudyState,
  choice: StudyChoice,
  scored: readonly ScoredTrial[],
  limit: number,
): ParameterScale[] {
  const scales = scalesByInterest(state, choice).filter((scale) =>
    scored.some(({ trial }) => axisValue(scale, trial.params) !== null),
  );
  if (choice.parameters || choice.importance) return scales.slice(0, limit);
  const plain = (scale: ParameterScale) => (scale.conditional ? 2 : scale.categories ? 1 : 0);
  return [...scales].sort((a, b) => plain(a) - plain(b)).slice(0, limit);
}
