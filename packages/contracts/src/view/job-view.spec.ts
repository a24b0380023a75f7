import { describe, expect, it } from '@jest/globals';
import type { NewStudyEvent } from '../log/study-event.ts';
import {
  doneTrial,
  endedEpoch,
  exampleSummary,
  queuedFinalModel,
  queuedTrial,
  startedTrial,
  studyOf,
} from '../testing/study-examples.ts';
import { isEnded, jobProgress, jobSummary, statusMessage, trialView } from './job-view.ts';

const started: NewStudyEvent = { type: 'JobStarted' };
const cancel: NewStudyEvent = { type: 'CancelRequested' };
const searched: NewStudyEvent[] = [started, ...doneTrial(0), { type: 'SearchEnded', reason: 'done' }];
const training: NewStudyEvent[] = [
  queuedFinalModel,
  { type: 'TrainingStarted', target: 'final', trainer: 't', attempt: 1, engine: 'native', device: 'cpu' },
];
const epoch = (n: number): NewStudyEvent => ({
  type: 'EpochEnded',
  target: 'final',
  attempt: 1,
  summary: exampleSummary(n),
});
const model: NewStudyEvent[] = [
  ...training,
  {
    type: 'TrainingCompleted',
    target: 'final',
    attempt: 1,
    result: studyOf(doneTrial(0)).trials[0]!.result!,
    artifacts: [],
  },
];

describe('what a job does now', () => {
  it.each<[string, NewStudyEvent[]]>([
    ['Waiting for the orchestrator', []],
    ['Cancelling', [cancel]],
    ['0 of 3 trials done, 0 running', [started]],
    ['Waiting for a trainer, 1 of 3 trials done', [started, ...doneTrial(0), queuedTrial(1)]],
    [
      '1 of 3 trials done, 1 running',
      [started, ...doneTrial(0), queuedTrial(1), startedTrial(1), queuedTrial(2)],
    ],
    ['Cancelling', [started, queuedTrial(0), cancel]],
    ['Choosing the best parameters', searched],
    ['The final model waits for a trainer', [...searched, queuedFinalModel]],
    ['Training the final model, epoch 1 of 2', [...searched, ...training]],
    ['Training the final model, epoch 2 of 2', [...searched, ...training, epoch(1), epoch(2)]],
    ['Finishing', [...searched, ...model]],
    ['Rendering charts, 1 to go', [...searched, ...model, { type: 'PlotsQueued', target: 0, run: 1 }]],
    ['Completed, trial 0 is the best', [...searched, ...model, { type: 'JobCompleted' }]],
    ['no trial completed', [started, { type: 'JobFailed', code: 'internal', message: 'no trial completed' }]],
    ['Job cancelled', [cancel, { type: 'JobCancelled' }]],
  ])('%s', (message, events) => {
    expect(statusMessage(studyOf(events))).toBe(message);
  });

  it('is at the newest trial that started, then at the final model', () => {
    const progress = (...events: NewStudyEvent[]) => jobProgress(studyOf([started, ...events]));
    expect(progress(queuedTrial(0))).toMatchObject({ currentTrial: 0, currentEpoch: 0, epochProgress: 0 });
    const two = [...doneTrial(0), queuedTrial(1), startedTrial(1), endedEpoch(1, 1), queuedTrial(2)];
    expect(progress(...two)).toMatchObject({
      currentTrial: 2,
      currentEpoch: 1,
      completedTrials: 1,
      runningTrials: 1,
    });
    expect(jobProgress(studyOf([...searched, ...training, epoch(1)]))).toMatchObject({ currentEpoch: 1 });
  });
});

describe('a job and its trials', () => {
  it('have what was measured once it was', () => {
    const state = studyOf([started, ...doneTrial(0, 0.9), queuedTrial(1)]);
    expect(trialView(state, state.trials[0]!)).toMatchObject({
      accuracy: 0.9,
      healthScore: expect.closeTo(0.8, 12),
      parameterCount: 1000,
    });
    expect(trialView(state, state.trials[1]!)).toMatchObject({
      accuracy: null,
      healthScore: null,
      parameterCount: null,
      lastEpoch: null,
      failure: null,
    });
    expect(jobSummary(state)).toMatchObject({ bestTrial: { number: 0 }, modelReady: false, name: null });
    expect(jobSummary(studyOf([started])).bestTrial).toBeNull();
  });

  it('are watched until the end', () => {
    const ended: NewStudyEvent[] = [...searched, ...model, { type: 'JobCompleted' }];
    expect([studyOf(searched), studyOf(ended)].map(isEnded)).toEqual([false, true]);
    expect(jobSummary(studyOf(ended)).modelReady).toBe(true);
  });
});
