import { describe, expect, it } from '@jest/globals';
import { defaultHealthWeights } from '../health.ts';
import { jobProgress, jobSummary, trialDetail } from '../view/job-view.ts';
import { reduceStudy } from './reduce-study.ts';
import { parseStudyEvent } from './parse-event.ts';
import type { NewStudyEvent } from './study-event.ts';
import { WARNINGS_KEPT, type StudyState } from './study-state.ts';
import {
  completedTrial,
  doneTrial,
  endedEpoch,
  exampleConfig,
  exampleResult,
  failedAttempt,
  logOf,
  queuedFinalModel,
  queuedTrial,
  startedTrial,
  studyOf,
} from '../testing/study-examples.ts';

const fold = (events: readonly NewStudyEvent[], request = {}): StudyState =>
  studyOf(events, exampleConfig(request));

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
      queuedFinalModel,
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

  it('keeps the first of the best trials that are equal', () => {
    for (const mode of ['simple', 'pareto'])
      expect(fold([{ type: 'JobStarted' }, ...doneTrial(0), ...doneTrial(1)], { mode }).best).toBe(0);
    expect(
      fold([{ type: 'JobStarted' }, ...doneTrial(0), ...doneTrial(1, 0.95)], { mode: 'simple' }).best,
    ).toBe(1);
  });

  it('keeps the newest warnings, of trials with their number', () => {
    const warning = (number: number): NewStudyEvent => ({ type: 'Warning', code: 'x', message: 'y', number });
    const { warnings } = fold(Array.from({ length: WARNINGS_KEPT + 2 }, (_, number) => warning(number)));
    expect(warnings).toHaveLength(WARNINGS_KEPT);
    expect([warnings[0]!.number, warnings.at(-1)!.number]).toEqual([2, WARNINGS_KEPT + 1]);
    expect(fold([{ type: 'Warning', code: 'x', message: 'y' }]).warnings[0]).not.toHaveProperty('number');
  });

  it('follows the charts, and keeps those of an earlier run until newer ones are there', () => {
    const chart = (kind: string) => ({ kind }) as never;
    const first: NewStudyEvent[] = [
      { type: 'JobStarted' },
      ...doneTrial(0),
      { type: 'PlotsQueued', target: 'study', run: 1 },
      { type: 'PlotsProgressed', target: 'study', run: 1, chart: 'history', done: 1, total: 4 },
    ];
    const plotsAfter = (...events: NewStudyEvent[]) => fold([...first, ...events]).plots['study'];
    expect(plotsAfter()).toMatchObject({
      status: 'queued',
      done: 1,
      total: 4,
      chart: 'history',
      trialsThen: 1,
    });
    const ready: NewStudyEvent = { type: 'PlotsReady', target: 'study', run: 1, artifacts: [chart('old')] };
    expect(plotsAfter(ready)).toMatchObject({ status: 'ready', chart: null, artifacts: [chart('old')] });
    const again: NewStudyEvent = { type: 'PlotsQueued', target: 'study', run: 2 };
    expect(plotsAfter(ready, again)).toMatchObject({
      run: 2,
      done: 0,
      total: null,
      artifacts: [chart('old')],
    });
    // What a plotter of the run before still says changes nothing.
    expect(plotsAfter(ready, again, ready)).toMatchObject({ run: 2, status: 'queued' });
  });

  it('says when and why a job ended', () => {
    const failed: NewStudyEvent = { type: 'JobFailed', code: 'no-trial-completed', message: 'none' };
    expect(fold([{ type: 'JobStarted' }, failed])).toMatchObject({
      status: 'failed',
      startedAt: 2000,
      endedAt: 3000,
      failure: { code: 'no-trial-completed', message: 'none' },
    });
    expect(fold([{ type: 'CancelRequested' }, { type: 'JobCancelled' }])).toMatchObject({
      status: 'cancelled',
      cancelRequested: true,
      failure: null,
    });
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
