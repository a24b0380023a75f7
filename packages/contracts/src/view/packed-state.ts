/** A study as the API sends it whole: small enough for ten thousand trials, and quick to read. */
import { fromColumn, toColumn, type Column } from './columns.ts';
import type { StudyState, TrialState } from '../log/study-state.ts';

/** Some trials with an outcome, as columns. */
export interface TrialBlock {
  readonly count: number;
  readonly trials: Column;
}

export interface PackedState {
  readonly blocks: readonly TrialBlock[];
  /** Its trials are those that are in no block. */
  readonly state: StudyState;
}

export const packTrials = (trials: readonly TrialState[]): TrialBlock => ({
  count: trials.length,
  trials: toColumn(trials),
});

export const unpackTrials = ({ count, trials }: TrialBlock): TrialState[] =>
  fromColumn(trials, count) as TrialState[];

/**
 * The state with all its trials, by number.
 * @param between is awaited after each block, for who has something else to do; absent: nothing is
 */
export async function unpackState(
  { blocks, state }: PackedState,
  between?: () => Promise<unknown>,
): Promise<StudyState> {
  const trials = [...state.trials];
  for (const block of blocks) {
    trials.push(...unpackTrials(block));
    await between?.();
  }
  return { ...state, trials: trials.sort((a, b) => a.number - b.number) };
}
