/**
 * Which trainers have gone without a word: named as running something, and not among the heartbeats for a while.
 * A trainer that ends hands back first; one that was killed, or cut off, is noticed here, long before the lock on its
 * queue entry has run out.
 */
import {
  openTrainings,
  targetOf,
  type NewStudyEvent,
  type StudyState,
  type Training,
} from '@onegin/contracts';

/** Beside the expiry of a heartbeat itself; a Redis that was away has lost them all for a moment. */
const ABSENT_MS = 5000;

export class SilentTrainers {
  /** Trainer → when it was first missed, on a clock that nobody sets. */
  readonly #missedSince = new Map<string, number>();

  /** @param alive ids of the trainers that have a heartbeat now */
  look(states: readonly StudyState[], alive: ReadonlySet<string>, now = performance.now()): void {
    const named = new Set(states.flatMap((state) => runningTrainings(state).map(({ trainer }) => trainer)));
    for (const id of this.#missedSince.keys())
      if (alive.has(id) || !named.has(id)) this.#missedSince.delete(id);
    for (const id of named) if (!alive.has(id) && !this.#missedSince.has(id)) this.#missedSince.set(id, now);
  }

  /** The trainings of a study that wait for another trainer now, each as an event. */
  interruptions(state: StudyState, now = performance.now()): NewStudyEvent[] {
    return runningTrainings(state).flatMap((training) => {
      const { trainer } = training;
      const since = this.#missedSince.get(trainer);
      if (since === undefined || now - since < ABSENT_MS) return [];
      return [interrupted(training, `${trainer} fell silent`)];
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

type OnTrainer = Training & { trainer: string };

const runningTrainings = (state: StudyState): OnTrainer[] =>
  openTrainings(state).filter(
    (training): training is OnTrainer => training.status === 'running' && training.trainer !== null,
  );
