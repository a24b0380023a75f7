/** Whether the search starts no further trial, and why. */
import type { StudyState } from '@onegin/contracts';

/** A reason for people, or null while the search goes on. */
export function searchEnd(state: StudyState, now: number): string | null {
  const { request } = state.config;
  if (state.trials.length >= request.trials) return `all ${request.trials} trials are done`;
  if (request.timeLimitSeconds !== undefined && state.startedAt !== null) {
    const seconds = (now - state.startedAt) / 1000;
    if (seconds >= request.timeLimitSeconds)
      return `the time limit of ${request.timeLimitSeconds} s has passed`;
  }
  return null;
}
