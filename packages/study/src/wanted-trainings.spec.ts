import { describe, expect, it } from '@jest/globals';
import type { NewStudyEvent, StudyState } from '@onegin/contracts';
import { doneTrial as done, exampleConfig, queuedTrial, studyOf } from '@onegin/contracts/testing';
import { wantedTrainings } from './wanted-trainings.ts';

const study = (events: readonly NewStudyEvent[], parallelism = 4, trials = 10): StudyState =>
  studyOf(events, exampleConfig({ parallelism, trials }));
const running: NewStudyEvent[] = [{ type: 'JobStarted' }];

describe('wanted trainings', () => {
  it('are the parallelism while the budget lasts, however few tasks are queued', () => {
    expect(wantedTrainings(study([]), false)).toBe(4);
    expect(wantedTrainings(study([...running, queuedTrial(0)]), false)).toBe(4);
  });

  it('are what is left of the budget near its end, then what is under way', () => {
    expect(wantedTrainings(study([...running, ...done(0)], 4, 3), false)).toBe(2);
    expect(wantedTrainings(study([...running, ...done(0), queuedTrial(1)], 4, 2), false)).toBe(1);
    expect(wantedTrainings(study([...running, queuedTrial(0), queuedTrial(1)]), true)).toBe(2);
  });

  it('are none after a cancel, and one for the final model', () => {
    expect(wantedTrainings(study([...running, queuedTrial(0), { type: 'CancelRequested' }]), false)).toBe(0);
    const searched: NewStudyEvent[] = [...running, ...done(0), { type: 'SearchEnded', reason: 'enough' }];
    expect(wantedTrainings(study(searched), true)).toBe(0);
    const { params, seed, resource, untilEpoch } = queuedTrial(0) as Extract<
      NewStudyEvent,
      { type: 'TrainingQueued' }
    >;
    const final: NewStudyEvent = {
      type: 'TrainingQueued',
      target: 'final',
      source: 'best-trial',
      trial: 0,
      params,
      seed,
      resource,
      untilEpoch,
    };
    expect(wantedTrainings(study([...searched, final]), true)).toBe(1);
  });
});
