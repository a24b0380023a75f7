/** Which trials are listed and in which order; all of it stands in the address. Pure. */
import { trainingStatuses, type TrainingStatus, type TrialView } from '@onegin/contracts';
import { scoreOf } from './job-words.ts';

export const SORTS = {
  newest: 'newest first',
  best: 'best first',
  accuracy: 'most accurate first',
  health: 'healthiest first',
  small: 'smallest first',
  oldest: 'oldest first',
} as const;
export type TrialSort = keyof typeof SORTS;

export const isSort = (value: unknown): value is TrialSort =>
  typeof value === 'string' && Object.hasOwn(SORTS, value);
export const isStatus = (value: unknown): value is TrainingStatus =>
  trainingStatuses.some((status) => status === value);

export interface TrialFilter {
  readonly status: TrainingStatus | null;
  readonly sort: TrialSort;
  /** Part of a parameter's value, of a trainer's name, or a trial's number. */
  readonly text: string;
  readonly only: ReadonlySet<number> | null;
}

/** What counts most stands first; without a value: last. */
const KEYS: Record<TrialSort, (trial: TrialView) => number> = {
  newest: ({ number }) => -number,
  oldest: ({ number }) => number,
  best: (trial) => -(scoreOf(trial) ?? -Infinity),
  accuracy: ({ accuracy }) => -(accuracy ?? -Infinity),
  health: ({ healthScore }) => -(healthScore ?? -Infinity),
  small: ({ parameterCount }) => parameterCount ?? Infinity,
};

export function listedTrials(trials: readonly TrialView[], filter: TrialFilter): readonly TrialView[] {
  const { status, only } = filter;
  const text = filter.text.trim().toLowerCase();
  const shown = trials.filter(
    (trial) =>
      (status === null || trial.status === status) &&
      (only === null || only.has(trial.number)) &&
      (text === '' || matches(trial, text)),
  );
  const key = KEYS[filter.sort];
  return shown.sort((a, b) => compare(key(a), key(b)) || a.number - b.number);
}

/** Two that have no value are equal; their difference would be no number. */
const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

function matches({ number, params, trainer }: TrialView, text: string): boolean {
  if (text === `#${number}` || text === String(number)) return true;
  if (trainer?.toLowerCase().includes(text)) return true;
  return Object.entries(params).some(([name, value]) => `${name} ${value}`.toLowerCase().includes(text));
}
