/** What follows a failed attempt: another one, bounded and after a pause, or the end of the training. */
import { isRetryable, targetOf, type NewStudyEvent, type StudyState, type Training } from '@onegin/contracts';

export function afterFailure({ config }: Pick<StudyState, 'config'>, training: Training): NewStudyEvent {
  const { maxFailures, maxStarts, retryDelayMs } = config;
  const failure = training.failure!;
  const target = targetOf(training);
  if (isRetryable(failure.code) && training.failures < maxFailures && training.attempt < maxStarts)
    return {
      type: 'TrainingRequeued',
      target,
      delayMs: retryDelayMs * 2 ** (training.failures - 1),
      reason: `attempt ${failure.attempt} failed: ${failure.message}`,
    };
  const attempts = training.failures > 1 ? ` (after ${training.failures} attempts)` : '';
  return { type: 'TrainingFailed', target, code: failure.code, message: failure.message + attempts };
}
