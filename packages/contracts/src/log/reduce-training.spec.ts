import { expect, it } from '@jest/globals';
import type { NewStudyEvent } from './study-event.ts';
import {
  completedTrial,
  endedEpoch,
  failedAttempt,
  pausedTrial,
  queuedTrial,
  startedTrial,
  studyOf,
} from '../testing/study-examples.ts';

/** The trial after these events; the first of them is the fourth of the log, at 4000 ms. */
const trialAfter = (...events: NewStudyEvent[]) =>
  studyOf([{ type: 'JobStarted' }, queuedTrial(0), ...events]).trials[0]!;
const interrupted: NewStudyEvent = {
  type: 'TrainingInterrupted',
  target: 0,
  attempt: 1,
  reason: 'it fell silent',
};

it('a training began when it was started for the first time', () => {
  expect(trialAfter().startedAt).toBeNull();
  expect(trialAfter(startedTrial(0), interrupted, startedTrial(0, 2))).toMatchObject({
    startedAt: 4000,
    attempt: 2,
  });
});

it('a start while it runs says that its trainer before was lost', () => {
  expect(trialAfter(startedTrial(0))).toMatchObject({ lost: 0 });
  expect(trialAfter(startedTrial(0), startedTrial(0, 2))).toMatchObject({ lost: 1, status: 'running' });
  expect(trialAfter(startedTrial(0), interrupted)).toMatchObject({
    lost: 1,
    status: 'queued',
    trainer: null,
    reason: 'it fell silent',
  });
});

it('a training keeps its last checkpoint until its end', () => {
  const checkpoint = { kind: 'checkpoint', key: 'a/b', bytes: 1, sha256: 'f'.repeat(64) } as never;
  const withCheckpoint = { ...endedEpoch(0, 1), checkpoint } as NewStudyEvent;
  const events = [startedTrial(0), withCheckpoint, endedEpoch(0, 2)];
  expect(trialAfter(...events).checkpoint).toBe(checkpoint);
  const released: NewStudyEvent = { type: 'TrainingReleased', target: 0, attempt: 1 };
  expect(trialAfter(...events, released)).toMatchObject({ checkpoint, status: 'queued', trainer: null });
  expect(trialAfter(...events, completedTrial(0))).toMatchObject({
    checkpoint: null,
    status: 'completed',
    endedAt: 7000,
    trainer: 'trainer-1',
  });
});

it('a promoted trial is queued once more, for at once and as far as it was promoted', () => {
  const promoted: NewStudyEvent = { type: 'TrainingPromoted', target: 0, untilEpoch: 6 };
  expect(trialAfter(startedTrial(0), endedEpoch(0, 1), pausedTrial(0))).toMatchObject({
    status: 'paused',
    trainer: null,
  });
  expect(trialAfter(startedTrial(0), endedEpoch(0, 1), pausedTrial(0), promoted)).toMatchObject({
    status: 'queued',
    run: 2,
    notBefore: 7000,
    untilEpoch: 6,
  });
});

it('a failed training says which attempt failed, and on which trainer', () => {
  expect(trialAfter(startedTrial(0), failedAttempt(0))).toMatchObject({
    status: 'failing',
    failures: 1,
    trainer: null,
    failure: { attempt: 1, trainer: 'trainer-1' },
  });
  const failed: NewStudyEvent = { type: 'TrainingFailed', target: 0, code: 'diverged', message: 'NaN' };
  expect(trialAfter(startedTrial(0), failed)).toMatchObject({
    status: 'failed',
    endedAt: 5000,
    failure: { code: 'diverged', attempt: 1, trainer: 'trainer-1' },
  });
});
