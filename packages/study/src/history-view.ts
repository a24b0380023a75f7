/** The study's trials as packages/search sees them, kept up to date at the cost of what changed. */
import { objectiveNames, type StudyState, type TrialState } from '@onegin/contracts';
import type { Direction, Report, Trial } from '@onegin/search';

export const directionsOf = (state: Pick<StudyState, 'config'>): Direction[] =>
  objectiveNames(state.config.objective.mode).map(({ direction }) => direction);

/** What is reported epoch by epoch, and judged by pruners. */
export const REPORT_DIRECTIONS: readonly Direction[] = ['maximize'];

export interface HistoryKind {
  /** Whether reports (validation accuracy) are of the same kind as the objective values. */
  readonly reports: boolean;
  /** Whether the reports of trials that still run are looked at; default true. */
  readonly whileRunning?: boolean;
}

export class HistoryView {
  readonly #trials: Trial[] = [];
  /** What each trial's view was made from, so that it is made again only when that changed. */
  readonly #marks: string[] = [];
  readonly #kind: HistoryKind;
  #open: readonly number[] = [];

  constructor(kind: HistoryKind) {
    this.#kind = kind;
  }

  /** All trials by rising number; the same array at every call. */
  sync(state: StudyState): readonly Trial[] {
    this.changes(state);
    return this.#trials;
  }

  /** The trials that are new, or others, since the last call. */
  changes(state: StudyState): Trial[] {
    const candidates = new Set([...this.#open, ...state.open]);
    for (let n = this.#trials.length; n < state.trials.length; n++) candidates.add(n);
    this.#open = [...state.open];
    const changed: Trial[] = [];
    for (const n of candidates) {
      const trial = state.trials[n]!;
      const mark = this.#mark(trial);
      if (this.#marks[n] === mark) continue;
      this.#marks[n] = mark;
      changed.push((this.#trials[n] = this.#view(trial)));
    }
    return changed;
  }

  #mark({ status, epochs }: TrialState): string {
    const seen = status === 'running' && this.#kind.whileRunning === false ? '' : epochs.length;
    return `${stateOf(status)} ${seen}`;
  }

  #view(trial: TrialState): Trial {
    return {
      number: trial.number,
      params: trial.params,
      state: stateOf(trial.status),
      values: trial.values,
      reports: this.#kind.reports ? reportsOf(trial) : [],
      ...(trial.endedAt !== null && { endedAt: trial.endedAt }),
    };
  }
}

function stateOf(status: TrialState['status']): Trial['state'] {
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
