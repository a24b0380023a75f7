/**
 * Which trainers have gone without a word: named as running something, and not among the heartbeats for a while.
 * A trainer that ends hands back first; one that was killed, or cut off, is noticed here, long before the lock on its
 * task has run out.
 */
import {
  openTrials,
  trainingEvents,
  type NewStudyEvent,
  type StudyState,
  type TrainingState,
  type TrainingTarget,
} from '@onegin/contracts';

/** Beside the expiry of a heartbeat itself; a Redis that was away has lost them all for a moment. */
const ABSENT_MS = 5000;

export class LostTrainers {
  /** Trainer → when it was first missed, on a clock that nobody sets. */
  readonly #missingSince = new Map<string, number>();

  /** @param alive ids of the trainers that have a heartbeat now */
  update(states: readonly StudyState[], alive: ReadonlySet<string>, now = performance.now()): void {
    const named = new Set(states.flatMap((state) => runningTrainings(state).map(({ trainer }) => trainer)));
    for (const id of this.#missingSince.keys())
      if (alive.has(id) || !named.has(id)) this.#missingSince.delete(id);
    for (const id of named)
      if (!alive.has(id) && !this.#missingSince.has(id)) this.#missingSince.set(id, now);
  }

  /** The trainings of a study that wait for another trainer now, each as an event. */
  interruptions(state: StudyState, now = performance.now()): NewStudyEvent[] {
    return runningTrainings(state).flatMap(({ target, training, trainer }) => {
      const since = this.#missingSince.get(trainer);
      if (since === undefined || now - since < ABSENT_MS) return [];
      return [interrupted(target, training, `${trainer} fell silent`)];
    });
  }
}

/** It waits for another trainer, with its last checkpoint. */
export const interrupted = (
  target: TrainingTarget,
  { attempt }: TrainingState,
  reason: string,
): NewStudyEvent => trainingEvents(target).interrupted({ attempt, reason });

function runningTrainings(
  state: StudyState,
): { target: TrainingTarget; training: TrainingState; trainer: string }[] {
  const trials = openTrials(state).map((trial) => ({
    target: trial.number as TrainingTarget,
    training: trial as TrainingState,
  }));
  const final = state.finalModel ? [{ target: 'final' as const, training: state.finalModel }] : [];
  return [...trials, ...final].flatMap(({ target, training }) =>
    training.status === 'running' && training.trainer
      ? [{ target, training, trainer: training.trainer }]
      : [],
  );
}
