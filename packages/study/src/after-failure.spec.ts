import { describe, expect, it } from '@jest/globals';
import type { NewStudyEvent } from '@onegin/contracts';
import { exampleConfig, failedAttempt, queuedTrial, startedTrial, studyOf } from '@onegin/contracts/testing';
import { afterFailure } from './after-failure.ts';

const again = (number: number): NewStudyEvent => ({
  type: 'TrainingRequeued',
  target: number,
  delayMs: 0,
  reason: 'again',
});
/** A trial whose attempts have failed, and whose trainers were lost, the given number of times. */
function afterAttempts(failed: number, lost = 0, limits = {}) {
  const events: NewStudyEvent[] = [{ type: 'JobStarted' }, queuedTrial(0)];
  for (let attempt = 1; attempt <= lost; attempt++)
    events.push(startedTrial(0, attempt), {
      type: 'TrainingInterrupted',
      target: 0,
      attempt,
      reason: 'lost',
    });
  for (let attempt = lost + 1; attempt <= lost + failed; attempt++) {
    if (attempt > lost + 1) events.push(again(0));
    events.push(startedTrial(0, attempt), failedAttempt(0, attempt));
  }
  const state = studyOf(events, {
    ...exampleConfig(),
    maxFailures: 3,
    maxStarts: 9,
    retryDelayMs: 100,
    ...limits,
  });
  return afterFailure(state, state.trials[0]!);
}

describe('a failure that another attempt may help', () => {
  it('gives one, after a pause that doubles', () => {
    expect(afterAttempts(1)).toMatchObject({ type: 'TrainingRequeued', delayMs: 100 });
    expect(afterAttempts(2)).toMatchObject({ type: 'TrainingRequeued', delayMs: 200 });
  });

  it('ends the trial when as many attempts have failed as it may have', () => {
    expect(afterAttempts(3)).toMatchObject({
      type: 'TrainingFailed',
      message: 'out-of-memory in step 3 (after 3 attempts)',
    });
  });

  it('ends the trial when it was started too often, whatever ended the starts', () => {
    expect(afterAttempts(1, 1, { maxStarts: 3 })).toMatchObject({ type: 'TrainingRequeued' });
    expect(afterAttempts(1, 2, { maxStarts: 3 })).toMatchObject({
      type: 'TrainingFailed',
      message: 'out-of-memory in step 3',
    });
  });
});
