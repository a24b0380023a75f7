import { expect, it } from '@jest/globals';
import { targetOf, type NewStudyEvent } from '@onegin/contracts';
import {
  doneTrial,
  endedEpoch,
  exampleConfig,
  failedAttempt,
  queuedTrial,
  startedTrial,
  studyOf,
} from '@onegin/contracts/testing';
import { trialJobOf, waitingTrainings } from './trial-job-of.ts';

const started: NewStudyEvent = { type: 'JobStarted' };
const again: NewStudyEvent = { type: 'TrainingRequeued', target: 0, delayMs: 500, reason: 'again' };

it('a task says how far the trial is to go', () => {
  const back: NewStudyEvent = { type: 'TrainingReleased', target: 0, attempt: 1 };
  const state = studyOf([started, queuedTrial(0), startedTrial(0), endedEpoch(0, 1), back]);
  expect(trialJobOf(state, state.trials[0]!)).toMatchObject({
    target: 0,
    run: 1,
    untilEpoch: 2,
  });
});

it('a task keeps a trial for a while from the trainer that it failed on, where there is such a time', () => {
  const failed = [started, queuedTrial(0), startedTrial(0), failedAttempt(0), again];
  const avoided = (elsewhereMs: number) => {
    const state = studyOf(failed, { ...exampleConfig(), elsewhereMs });
    return trialJobOf(state, state.trials[0]!).avoid;
  };
  const requeuedAt = 1000 * (failed.length + 1);
  expect(avoided(3000)).toEqual({ trainer: 'trainer-1', until: requeuedAt + 500 + 3000 });
  expect(avoided(0)).toBeUndefined();
});

it('a task says whether anyone prunes, and the limit of a trial where there is one', () => {
  const job = (request: Parameters<typeof exampleConfig>[0]) => {
    const state = studyOf([started, queuedTrial(0)], exampleConfig(request));
    return trialJobOf(state, state.trials[0]!);
  };
  expect(job({ pruner: 'none' })).toMatchObject({ pruning: false });
  expect(job({ pruner: 'median', trialTimeLimitSeconds: 60 })).toMatchObject({
    pruning: true,
    timeLimitSeconds: 60,
  });
  expect(job({})).not.toHaveProperty('timeLimitSeconds');
});

it('the final model is trained as the trial that it comes from, and waits as trials do', () => {
  const final: NewStudyEvent = {
    type: 'TrainingQueued',
    target: 'final',
    source: 'best-trial',
    trial: 0,
    params: { filters: 8 },
    seed: 1,
    resource: 'cpu',
    untilEpoch: 2,
  };
  const state = studyOf([started, ...doneTrial(0), { type: 'SearchEnded', reason: 'done' }, final]);
  expect(waitingTrainings(state)).toEqual([state.finalModel]);
  expect(trialJobOf(state, state.finalModel!)).toMatchObject({ target: 'final', bestTrial: 0 });
  const search = studyOf([started, queuedTrial(0), startedTrial(0), queuedTrial(1)]);
  expect(waitingTrainings(search).map(targetOf)).toEqual([1]);
});
