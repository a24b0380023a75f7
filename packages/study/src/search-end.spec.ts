import { describe, expect, it } from '@jest/globals';
import type { NewStudyEvent, StudyConfig } from '@onegin/contracts';
import {
  doneTrial,
  endedEpoch,
  exampleConfig,
  failedAttempt,
  pausedTrial,
  queuedTrial,
  startedTrial,
  studyOf,
} from '@onegin/contracts/testing';
import { decide } from './decide.ts';
import { createStop } from './search-end.ts';

const started: NewStudyEvent = { type: 'JobStarted' };
const STARTED_AT = 2000;

function decided(
  events: readonly NewStudyEvent[],
  config: StudyConfig,
  now = STARTED_AT + 1,
  judged: NewStudyEvent[] = [],
) {
  const state = studyOf([started, ...events], config);
  return decide(state, {
    now,
    capacity: { cpu: 1, gpu: 0 },
    judge: () => judged,
    stop: createStop(config),
    plots: false,
  });
}
const whatOf = (events: readonly NewStudyEvent[]) =>
  events.map((event) => ('target' in event ? `${event.type} ${event.target}` : event.type));

describe('the time limit', () => {
  const config = exampleConfig({ trials: 5, timeLimitSeconds: 50 });

  it('ends the search at its last millisecond and not before', () => {
    const end = STARTED_AT + 50_000;
    expect(decided(doneTrial(0), config, end - 1)).toMatchObject({ wanted: [1], wakeAt: end });
    expect(decided(doneTrial(0), config, end)).toEqual({
      events: [{ type: 'SearchEnded', reason: 'the time limit of 50 s has passed' }],
      wanted: [],
      wakeAt: null,
    });
  });

  it('does not run before the study does', () => {
    const queued = studyOf([], config);
    expect(createStop(config)(queued, 10 ** 9)).toBeNull();
  });

  it('lets a trial go on that has begun, even if it waits again', () => {
    const waiting: NewStudyEvent = { type: 'TrainingInterrupted', target: 1, attempt: 1, reason: 'lost' };
    const events = [...doneTrial(0), queuedTrial(1), startedTrial(1), waiting, queuedTrial(2)];
    expect(whatOf(decided(events, config, 60_000).events)).toEqual(['TrainingCancelled 2']);
  });
});

describe('a budget that is spent', () => {
  const config = exampleConfig({ trials: 3 });

  it('lets the last trials come to their end', () => {
    const waits = decided([...doneTrial(0), ...doneTrial(1), queuedTrial(2)], config);
    expect(waits).toMatchObject({ events: [], wanted: [] });
  });

  it('prunes what is paused once nothing else is under way', () => {
    const paused = [queuedTrial(1), startedTrial(1), endedEpoch(1, 1), pausedTrial(1)];
    expect(whatOf(decided([...doneTrial(0), ...paused, queuedTrial(2)], config).events)).toEqual([]);
    const last: NewStudyEvent[] = [queuedTrial(2), { type: 'TrainingPruned', target: 2, reason: 'weak' }];
    const { events } = decided([...doneTrial(0), ...paused, ...last], config);
    expect(whatOf(events)).toEqual(['TrainingPruned 1', 'SearchEnded']);
  });

  it('looks at the end again when what was just decided is in the log', () => {
    const events = [0, 1].flatMap((number) => doneTrial(number));
    const failing = [queuedTrial(2), startedTrial(2), failedAttempt(2, 1, 'diverged')];
    expect(whatOf(decided([...events, ...failing], config).events)).toEqual(['TrainingFailed 2']);
    const paused = [queuedTrial(2), startedTrial(2), endedEpoch(2, 1), pausedTrial(2)];
    const promoted: NewStudyEvent = { type: 'TrainingPromoted', target: 2, untilEpoch: 2 };
    expect(decided([...events, ...paused], config, STARTED_AT, [promoted]).events).toEqual([promoted]);
  });

  it('fails the job when no trial has completed', () => {
    const pruned = (number: number): NewStudyEvent[] => [
      queuedTrial(number),
      { type: 'TrainingPruned', target: number, reason: 'weak' },
    ];
    expect(decided([...pruned(0), ...pruned(1), ...pruned(2)], config).events).toEqual([
      { type: 'JobFailed', code: 'no-trial-completed', message: 'no trial completed' },
    ]);
  });
});

describe('nothing but failures', () => {
  const config = { ...exampleConfig({ trials: 9 }), maxFailedInARow: 3 };
  const failed = (number: number): NewStudyEvent[] => [
    queuedTrial(number),
    startedTrial(number),
    failedAttempt(number, 1, 'diverged'),
    { type: 'TrainingFailed', target: number, code: 'diverged', message: 'NaN' },
  ];
  const failing = (number: number) => failed(number).slice(0, 3);

  it('of the first trials end the job, and what is still open with it', () => {
    const { events } = decided([...failed(0), ...failed(1), ...failing(2), queuedTrial(3)], config);
    expect(whatOf(events)).toEqual(['TrainingFailed 2', 'TrainingCancelled 3', 'JobFailed']);
    expect(events.at(-1)).toMatchObject({
      message: 'no trial completed; the last failure: diverged in step 3',
    });
  });

  it('of fewer do not, nor where one has completed', () => {
    expect(whatOf(decided([...failed(0), ...failing(1)], config).events)).toEqual(['TrainingFailed 1']);
    const oneGood = [...doneTrial(0), ...failed(1), ...failed(2), ...failing(3)];
    expect(whatOf(decided(oneGood, config).events)).toEqual(['TrainingFailed 3']);
  });
});

describe('the rule of a request', () => {
  it('ends the search for good, whatever the trials under way still bring', () => {
    const config = exampleConfig({
      trials: 50,
      mode: 'simple',
      stop: { rule: 'no-improvement', trials: 2, startupTrials: 3 },
    });
    const stop = createStop(config);
    const trials = [doneTrial(0, 0.9), doneTrial(1, 0.5), doneTrial(2, 0.5), doneTrial(3, 0.95)];
    const after = (count: number) =>
      stop(studyOf([started, ...trials.slice(0, count).flat()], config), 10_000);
    expect(after(2)).toBeNull();
    const end = after(3);
    expect(end).toMatchObject({ limit: true });
    expect(after(4)).toEqual(end);
  });

  it('counts its time from the start of the study', () => {
    const config = exampleConfig({ trials: 50, stop: { rule: 'time', seconds: 30 } });
    const state = studyOf([started], config);
    expect(createStop(config)(state, STARTED_AT + 29_000)).toBeNull();
    expect(createStop(config)(state, STARTED_AT + 31_000)).not.toBeNull();
  });
});
