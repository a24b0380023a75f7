/** The study's trials as packages/search sees them, kept up to date at the cost of what changed. */
import { objectiveNames, type StudyState, type TrialState } from '@onegin/contracts';
import type { Direction, Report, Trial } from '@onegin/search';

export const directionsOf = (state: Pick<StudyState, 'config'>): Direction[] =>
  objectiveNames(state.config.objective.mode).map(({ direction }) => direction);

/** What is reported epoch by epoch, and judged by pruners. */
export const REPORT_DIRECTIONS: readonly Direction[] = ['maximize'];

export class HistoryView {
  readonly #trials: Trial[] = [];
  #open: readonly number[] = [];
  #reportsOf: (trial: TrialState) => readonly Report[];

  /** @param reports whether reports (validation accuracy) are of the same kind as the objective values */
  constructor({ reports }: { reports: boolean }) {
    this.#reportsOf = reports ? reportsOf : () => [];
  }

  /** All trials by rising number; the same array at every call. */
  sync(state: StudyState): readonly Trial[] {
    const changed = new Set([...this.#open, ...state.open]);
    for (let n = this.#trials.length; n < state.trials.length; n++) changed.add(n);
    for (const n of changed) this.#trials[n] = this.#view(state.trials[n]!);
    this.#open = [...state.open];
    return this.#trials;
  }

  #view(trial: TrialState): Trial {
    return {
      number: trial.number,
      params: trial.params,
      state: stateOf(trial),
      values: trial.values,
      reports: this.#reportsOf(trial),
      ...(trial.endedAt !== null && { endedAt: trial.endedAt }),
    };
  }
}

function stateOf({ status }: TrialState): Trial['state'] {
  switch (status) {
    case 'completed':
    case 'pruned':
    case 'paused':
      return status;
    case 'failed':
    case 'cancelled':
      return 'failed';
    case 'queued':
    case 'running':
    case 'failing':
      return 'running';
  }
}

const reportsOf = ({ epochs }: TrialState): Report[] =>
  epochs.map(({ epoch, validationAccuracy }) => ({
    step: epoch,
    values: [validationAccuracy ?? Number.NaN],
  }));
