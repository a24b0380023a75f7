/**
 * Which trainers are lost: the log says that they train, but their heartbeats have been missing for a while. A
 * trainer that shuts down releases its training first; one that was killed or cut off is noticed here, long before
 * the lock on its task expires.
 */
import {
  trainingEvents,
  type NewStudyEvent,
  type StudyState,
  type TrainingState,
  type TrainingTarget,
} from '@onegin/contracts';
import { openTrainings } from '@onegin/study';

/** On top of a heartbeat's own expiry: after an outage of Redis all of them are missing for a moment. */
const ABSENT_MS = 5000;

export class LostTrainers {
  /** Trainer → when it was first missing, on a monotonic clock. */
  readonly #missingSince = new Map<string, number>();

  /** @param alive ids of the trainers that have a heartbeat now */
  update(states: readonly StudyState[], alive: ReadonlySet<string>, now = performance.now()): void {
    const named = new Set(states.flatMap((state) => runningTrainings(state).map(({ trainer }) => trainer)));
    for (const id of this.#missingSince.keys())
      if (alive.has(id) || !named.has(id)) this.#missingSince.delete(id);
    for (const id of named)
      if (!alive.has(id) && !this.#missingSince.has(id)) this.#missingSince.set(id, now);
  }

  /** The events that hand the trainings of lost trainers to others. */
  interruptions(state: StudyState, now = performance.now()): NewStudyEvent[] {
    return runningTrainings(state).flatMap(({ target, training, trainer }) => {
      const since = this.#missingSince.get(trainer);
      if (since === undefined || now - since < ABSENT_MS) return [];
      return [interrupted(target, training, `${trainer} stopped responding`)];
    });
  }
}

/** It waits for another trainer, with its last checkpoint. */
export const interrupted = (
  target: TrainingTarget,
  { attempt }: TrainingState,
  reason: string,
): NewStudyEvent => trainingEvents(target).interrupted({ attempt, reason });

const runningTrainings = (state: StudyState) =>
  openTrainings(state).flatMap(({ target, training }) =>
    training.status === 'running' && training.trainer
      ? [{ target, training, trainer: training.trainer }]
      : [],
  );
