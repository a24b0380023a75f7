import { describe, expect, it } from '@jest/globals';
import { defaultHealthWeights } from '../health.ts';
import { jobProgress, jobSummary, trialDetail } from '../view/job-view.ts';
import { reduceStudy } from './reduce-study.ts';
import { parseStudyEvent } from './parse-event.ts';
import type { NewStudyEvent } from './study-event.ts';
import type { StudyState } from './study-state.ts';
import {
  completedTrial,
  endedEpoch,
  exampleConfig,
  exampleResult,
  failedAttempt,
  logOf,
  queuedTrial,
  startedTrial,
} from '../testing/study-examples.ts';

const fold = (events: readonly NewStudyEvent[], request = {}): StudyState =>
  logOf([{ type: 'JobRequested', config: exampleConfig(request) }, ...events]).reduce<StudyState | null>(
    reduceStudy,
    null,
  )!;

describe('reduceStudy', () => {
  it('follows a trial from the queue to its outcome', () => {
    const state = fold([
      { type: 'JobStarted' },
      queuedTrial(0),
      startedTrial(0),
      endedEpoch(0, 1),
      endedEpoch(0, 2),
      completedTrial(0, 0.9),
    ]);
    expect(state.trials[0]).toMatchObject({
      status: 'completed',
      attempt: 1,
      trainer: 'trainer-1',
      queuedAt: 3000,
    });
    expect(state.trials[0]!.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    const { health } = defaultHealthWeights;
    expect(state.trials[0]!.values).toEqual([expect.closeTo((1 - health) * 0.9 + health * 0.8, 12)]);
    expect(state).toMatchObject({ status: 'running', best: 0, open: [], unplotted: [0], seq: 7 });
    expect(state.counts).toMatchObject({ completed: 1, queued: 0, running: 0 });
  });

  it('changes nothing for an event that was folded before', () => {
    const events = logOf([
      { type: 'JobRequested', config: exampleConfig() },
      { type: 'JobStarted' },
      queuedTrial(0),
    ]);
    const state = events.reduce<StudyState | null>(reduceStudy, null)!;
    const before = structuredClone(state);
    for (const event of events) reduceStudy(state, event);
    expect(state).toEqual(before);
  });

  it('keeps the reason of a failed attempt and goes on with the next', () => {
    const state = fold([
      { type: 'JobStarted' },
      queuedTrial(0),
      startedTrial(0),
      failedAttempt(0),
      { type: 'TrainingRequeued', target: 0, delayMs: 500, reason: 'again' },
      startedTrial(0, 2),
      completedTrial(0, 0.9, 2),
    ]);
    expect(state.trials[0]).toMatchObject({ status: 'completed', run: 2, failures: 1, notBefore: 6500 });
    expect(state.trials[0]!.failure).toMatchObject({ code: 'out-of-memory', attempt: 1 });
  });

  it('keeps a front in pareto mode and picks one winner for the final model', () => {
    const done = (number: number, accuracy: number, health: number, parameters: number): NewStudyEvent[] => [
      queuedTrial(number),
      startedTrial(number),
      {
        type: 'TrainingCompleted',
        target: number,
        attempt: 1,
        result: exampleResult(accuracy, health, parameters),
        artifacts: [],
      },
    ];
    const state = fold(
      [
        { type: 'JobStarted' },
        ...done(0, 0.8, 0.8, 1000),
        ...done(1, 0.9, 0.8, 1000),
        ...done(2, 0.7, 0.9, 100),
      ],
      { mode: 'pareto' },
    );
    expect(state.front).toEqual([1, 2]);
    expect(state.best).toBe(1);
  });

  it('ends a final model that was under way when the job is cancelled', () => {
    const state = fold([
      { type: 'JobStarted' },
      queuedTrial(0),
      startedTrial(0),
      completedTrial(0),
      { type: 'SearchEnded', reason: 'all done' },
      {
        type: 'TrainingQueued',
        target: 'final',
        source: 'best-trial',
        trial: 0,
        params: {},
        seed: 1,
        resource: 'cpu',
        untilEpoch: 2,
      },
      { type: 'CancelRequested' },
      { type: 'JobCancelled' },
    ]);
    expect(state.finalModel!.status).toBe('cancelled');
    expect(jobProgress(state).statusMessage).toBe('Job cancelled');
  });

  it('gives the views of the API', () => {
    const state = fold([{ type: 'JobStarted' }, queuedTrial(0), startedTrial(0), endedEpoch(0, 1)]);
    expect(jobSummary(state).progress).toEqual({
      currentTrial: 1,
      totalTrials: 3,
      completedTrials: 0,
      runningTrials: 1,
      failedTrials: 0,
      prunedTrials: 0,
      currentEpoch: 1,
      totalEpochs: 2,
      epochProgress: 0.5,
      statusMessage: '0 of 3 trials done, 1 running',
      isGpuMode: false,
    });
    expect(trialDetail(state, state.trials[0]!)).toMatchObject({ number: 0, epochsDone: 1, accuracy: null });
  });

  it('refuses a log that does not start with the request', () => {
    expect(() => reduceStudy(null, logOf([{ type: 'JobStarted' }])[0]!)).toThrow(/JobRequested/);
  });
});

describe('parseStudyEvent', () => {
  it('gives back what was written as JSON', () => {
    const events = logOf([
      { type: 'JobRequested', config: exampleConfig() },
      queuedTrial(0),
      completedTrial(0),
    ]);
    for (const event of events) expect(parseStudyEvent(JSON.parse(JSON.stringify(event)))).toEqual(event);
  });

  it('refuses types that it does not know, and keeps fields that another version may know', () => {
    expect(() => parseStudyEvent({ type: 'Nonsense', seq: 1, at: 1 })).toThrow();
    const event = { type: 'JobStarted', seq: 1, at: 1, extra: 1 };
    expect(parseStudyEvent({ ...event, version: 2 })).toEqual(event);
  });
});
