/** What follows a failed attempt: another one, bounded and after a pause, or the end of the training. */
import {
  errorCodes,
  trainingEvents,
  type NewStudyEvent,
  type StudyState,
  type TrainingState,
  type TrainingTarget,
} from '@onegin/contracts';

export function afterFailure(
  state: StudyState,
  training: TrainingState,
  target: TrainingTarget,
): NewStudyEvent {
  const { maxFailures, maxStarts, retryDelayMs } = state.config;
  const failure = training.failure!;
  const on = trainingEvents(target);
  if (errorCodes[failure.code].retryable && training.failures < maxFailures && training.attempt < maxStarts)
    return on.requeued({
      delayMs: retryDelayMs * 2 ** (training.failures - 1),
      reason: `attempt ${failure.attempt} failed: ${failure.message}`,
    });
  const attempts = training.failures > 1 ? ` (after ${training.failures} attempts)` : '';
  return on.failed({ code: failure.code, message: failure.message + attempts });
}
