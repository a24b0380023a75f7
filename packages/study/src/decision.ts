/** What a decision is made with, and what it is. */
import type { NewStudyEvent, Resource } from '@onegin/contracts';
import type { Judge } from './judge-trials.ts';
import type { Stop } from './search-end.ts';

export interface DecisionContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How many trainings the live trainers can run at once. */
  readonly capacity: Readonly<Record<Resource, number>>;
  /** Prunes and promotes by the study's pruner. */
  readonly judge: Judge;
  /** Says when the search starts no further trial. */
  readonly stop: Stop;
  /** Whether anyone renders charts. */
  readonly plots: boolean;
}

export interface Decision {
  readonly events: NewStudyEvent[];
  /** Numbers of the next trials, for which there is room: to be asked for once the events are in the log. */
  readonly wanted: readonly number[];
  /** When to decide again though nothing happens; null: only when something does. */
  readonly wakeAt: number | null;
}
