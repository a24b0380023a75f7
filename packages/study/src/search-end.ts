/** Whether the search starts no further trial, and why. */
import type { StudyState } from '@onegin/contracts';

export interface SearchEnd {
  /** For people. */
  readonly reason: string;
  /** A limit calls off what has not started; a spent budget lets it run. */
  readonly limit: boolean;
}

/** Null while the search goes on. */
export function searchEnd(state: StudyState, now: number): SearchEnd | null {
  const { request } = state.config;
  if (request.timeLimitSeconds !== undefined && state.startedAt !== null) {
    const seconds = (now - state.startedAt) / 1000;
    if (seconds >= request.timeLimitSeconds)
      return { reason: `the time limit of ${request.timeLimitSeconds} s has passed`, limit: true };
  }
  if (state.trials.length >= request.trials)
    return { reason: `all ${request.trials} trials are done`, limit: false };
  return null;
}
