import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { acceptEvent, newRecords } from './check-transition.ts';
import { reduceStudy } from './reduce-study.ts';
import type { NewStudyEvent, StudyEvent } from './study-event.ts';
import { hasOutcome, type StudyState } from './study-state.ts';
import {
  completedTrial,
  endedEpoch,
  exampleConfig,
  failedAttempt,
  queuedTrial,
  startedTrial,
} from '../testing/study-examples.ts';

const requested: NewStudyEvent = { type: 'JobRequested', config: exampleConfig() };
const running: NewStudyEvent[] = [requested, { type: 'JobStarted' }];

const refusals = (events: readonly NewStudyEvent[]) => {
  const records = newRecords();
  return events.map((event) => acceptEvent(records, event)).filter((refusal) => refusal !== null);
};

describe('acceptEvent', () => {
  it('lets a study pass from request to end', () => {
    expect(
      refusals([
        ...running,
        queuedTrial(0),
        startedTrial(0),
        endedEpoch(0, 1),
        endedEpoch(0, 2),
        completedTrial(0),
        { type: 'PlotsQueued', target: 0, run: 1 },
        { type: 'SearchEnded', reason: 'done' },
        { type: 'PlotsProgressed', target: 0, run: 1, chart: 'a', done: 1, total: 2 },
        { type: 'PlotsReady', target: 0, run: 1, artifacts: [] },
        { type: 'JobCompleted' },
      ]),
    ).toEqual([]);
  });

  it.each<[string, NewStudyEvent[], string]>([
    ['a job twice', [requested, requested], 'job-exists'],
    ['anything before the request', [{ type: 'JobStarted' }], 'job-unknown'],
    ['a gap in the numbers', [...running, queuedTrial(1)], 'trial-number'],
    ['a number twice', [...running, queuedTrial(0), queuedTrial(0)], 'trial-number'],
    [
      'a second outcome',
      [...running, queuedTrial(0), startedTrial(0), completedTrial(0), completedTrial(0)],
      'subject-status',
    ],
    [
      'an epoch twice',
      [...running, queuedTrial(0), startedTrial(0), endedEpoch(0, 1), endedEpoch(0, 1)],
      'epoch',
    ],
    ['an epoch left out', [...running, queuedTrial(0), startedTrial(0), endedEpoch(0, 2)], 'epoch'],
    [
      'a trainer that lost its trial',
      [...running, queuedTrial(0), startedTrial(0), startedTrial(0, 2), endedEpoch(0, 1, 1)],
      'attempt',
    ],
    [
      'two trainers with the same attempt',
      [...running, queuedTrial(0), startedTrial(0), startedTrial(0)],
      'attempt',
    ],
    [
      'a start after a cancel',
      [...running, queuedTrial(0), { type: 'CancelRequested' }, startedTrial(0)],
      'cancel-requested',
    ],
    [
      'a second cancel',
      [...running, { type: 'CancelRequested' }, { type: 'CancelRequested' }],
      'cancel-requested',
    ],
    ['cancelled without a request', [...running, { type: 'JobCancelled' }], 'cancel-not-requested'],
    [
      'anything after the end',
      [
        ...running,
        { type: 'CancelRequested' },
        { type: 'JobCancelled' },
        { type: 'Warning', code: 'x', message: 'y' },
      ],
      'job-status',
    ],
  ])('refuses %s', (_what, events, refusal) => {
    expect(refusals(events)).toEqual([refusal]);
  });

  it('whatever arrives in whatever order, an outcome never changes and epochs count up', () => {
    const number = fc.nat({ max: 2 });
    const attempt = fc.integer({ min: 1, max: 3 });
    const event: fc.Arbitrary<NewStudyEvent> = fc.oneof(
      number.map(queuedTrial),
      fc.tuple(number, attempt).map(([n, a]) => startedTrial(n, a)),
      fc.tuple(number, attempt, fc.integer({ min: 1, max: 3 })).map(([n, a, e]) => endedEpoch(n, e, a)),
      fc.tuple(number, attempt).map(([n, a]) => completedTrial(n, 0.5, a)),
      fc.tuple(number, attempt).map(([n, a]) => failedAttempt(n, a)),
      number.map((n): NewStudyEvent => ({
        type: 'TrainingRequeued',
        target: n,
        delayMs: 0,
        reason: 'again',
      })),
      number.map((n): NewStudyEvent => ({ type: 'TrainingPruned', target: n, reason: 'weak' })),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 120 }), (events) => {
        const records = newRecords();
        let state: StudyState | null = null;
        let seq = 0;
        for (const next of [...running, ...events]) {
          const endedBefore = (state?.trials ?? []).map(({ status }) => (hasOutcome(status) ? status : null));
          if (acceptEvent(records, next)) continue;
          state = reduceStudy(state, { ...next, seq: ++seq, at: seq } as StudyEvent);
          endedBefore.forEach((status, n) => status && expect(state!.trials[n]!.status).toBe(status));
        }
        for (const [n, trial] of state!.trials.entries()) {
          expect(trial.number).toBe(n);
          expect(trial.epochs.map(({ epoch }) => epoch)).toEqual(trial.epochs.map((_, i) => i + 1));
        }
        const counted = Object.values(state!.counts).reduce((a, b) => a + b);
        expect(counted).toBe(state!.trials.length);
        expect(state!.open).toEqual(
          state!.trials.filter(({ status }) => !hasOutcome(status)).map((t) => t.number),
        );
      }),
      { numRuns: 300 },
    );
  });
});
