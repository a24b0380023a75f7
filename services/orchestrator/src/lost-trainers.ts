/**
 * Which trainers are lost: the log says that they train, but their heartbeats have been missing for a while. A
 * trainer that shuts down releases its training first; one that was killed or cut off is noticed here, long before
 * the lock on its task expires.
 */
import { openTrainings, targetOf } from '@onegin/contracts';
import type { NewStudyEvent, StudyState, Training } from '@onegin/contracts';

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
    return runningTrainings(state).flatMap((training) => {
      const { trainer } = training;
      const since = this.#missingSince.get(trainer);
      if (since === undefined || now - since < ABSENT_MS) return [];
      return [interrupted(training, `${trainer} stopped responding`)];
    });
  }
}

/** It waits for another trainer, with its last checkpoint. */
export const interrupted = (training: Training, reason: string): NewStudyEvent => ({
  type: 'TrainingInterrupted',
  target: targetOf(training),
  attempt: training.attempt,
  reason,
});

type OnTrainer = Training & { readonly trainer: string };

const runningTrainings = (state: StudyState): OnTrainer[] =>
  openTrainings(state).filter(
    (training): training is OnTrainer => training.status === 'running' && training.trainer !== null,
  );
