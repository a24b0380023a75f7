/**
 * The trials of a study as rows to show. Only the rows of trials that something happened to are made again, so that
 * an epoch costs the same among ten and among ten thousand trials.
 */
import { trialView, type StudyEvent, type StudyState, type TrialView } from '@onegin/contracts';

export class TrialTable {
  #rows: TrialView[] = [];

  /** All rows, by number. */
  of(state: StudyState): readonly TrialView[] {
    this.#rows = state.trials.map((trial) => trialView(state, trial));
    return this.#rows;
  }

  /** The rows after these events, which the state already holds. */
  after(state: StudyState, events: readonly StudyEvent[]): readonly TrialView[] {
    const changed = new Set<number>();
    for (const event of events)
      if ('target' in event && typeof event.target === 'number') changed.add(event.target);
    if (changed.size === 0) return this.#rows;
    this.#rows = this.#rows.slice();
    for (const number of changed) {
      const trial = state.trials[number];
      if (trial) this.#rows[number] = trialView(state, trial);
    }
    return this.#rows;
  }
}
