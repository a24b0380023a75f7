import { describe, expect, it } from '@jest/globals';
import type { NewStudyEvent, StudyState } from '@onegin/contracts';
import {
  doneTrial as done,
  exampleConfig,
  exampleResult,
  failedAttempt,
  queuedFinalModel,
  queuedTrial,
  startedTrial,
  studyOf as study,
} from '@onegin/contracts/testing';
import { decide } from './decide.ts';
import type { DecisionContext } from './decision.ts';
import { createStop } from './search-end.ts';

const running: NewStudyEvent[] = [{ type: 'JobStarted' }];

/** The decision, and what is wanted as if it had been asked for. */
const decided = (state: StudyState, context: Partial<DecisionContext> = {}) => {
  const { events, wanted, wakeAt } = decide(state, {
    now: 100_000,
    capacity: { cpu: 2, gpu: 0 },
    judge: () => [],
    stop: createStop(state.config),
    plots: false,
    ...context,
  });
  return { events: [...events, ...wanted.map(queuedTrial)], wakeAt };
};
const words = (events: readonly NewStudyEvent[]) =>
  events.map((event) => ('target' in event ? `${event.type} ${event.target}` : event.type));

describe('decide', () => {
  it('starts as many trials as the trainers can run', () => {
    expect(words(decided(study([])).events)).toEqual(['JobStarted', 'TrainingQueued 0', 'TrainingQueued 1']);
    expect(words(decided(study([...running, queuedTrial(0)])).events)).toEqual(['TrainingQueued 1']);
    expect(words(decided(study([...running, queuedTrial(0), queuedTrial(1)])).events)).toEqual([]);
  });

  it('keeps one trial waiting where there is no trainer, so that autoscaling sees work', () => {
    expect(words(decided(study(running), { capacity: { cpu: 0, gpu: 8 } }).events)).toEqual([
      'TrainingQueued 0',
    ]);
  });

  it('fails a trial that has cost too many trainers, and lets one run that may still succeed', () => {
    const config = { ...exampleConfig(), maxLost: 2 };
    const lost = (attempt: number): NewStudyEvent[] => [
      startedTrial(0, attempt),
      { type: 'TrainingInterrupted', target: 0, attempt, reason: 'it stopped responding' },
    ];
    const once: NewStudyEvent[] = [...running, queuedTrial(0), ...lost(1)];
    expect(study(once, config).trials[0]).toMatchObject({ status: 'queued', lost: 1, trainer: null });
    expect(words(decided(study(once, config)).events)).toEqual(['TrainingQueued 1']);
    expect(words(decided(study([...once, startedTrial(0, 2)], config)).events)).toEqual(['TrainingQueued 1']);
    expect(decided(study([...once, ...lost(2)], config)).events).toContainEqual(
      expect.objectContaining({ type: 'TrainingFailed', target: 0, code: 'trainer-lost' }),
    );
    // A start that nobody expected says the same: the trainer before it is lost.
    const unseen = study([...once, startedTrial(0, 2), startedTrial(0, 3)], config);
    expect(unseen.trials[0]).toMatchObject({ status: 'running', lost: 2 });
  });

  it('stays within parallelism and budget', () => {
    const capacity = { cpu: 10, gpu: 0 };
    expect(decided(study(running, exampleConfig({ parallelism: 1 })), { capacity }).events).toHaveLength(1);
    expect(decided(study(running), { capacity }).events).toHaveLength(3);
  });

  it('keeps the next trials waiting where there are many trainers, within parallelism', () => {
    const wanted = (request: Parameters<typeof exampleConfig>[0], cpu: number) =>
      decided(study(running, exampleConfig(request)), { capacity: { cpu, gpu: 0 } }).events.length;
    expect(wanted({ trials: 50 }, 16)).toBe(18);
    expect(wanted({ trials: 50, parallelism: 17 }, 16)).toBe(17);
    expect([3, 4, 8, 9].map((trainers) => wanted({ trials: 50 }, trainers))).toEqual([3, 5, 9, 11]);
    const busy = Array.from({ length: 17 }, (_, number) => queuedTrial(number));
    const last = decided(study([...running, ...busy], exampleConfig({ trials: 50 })), {
      capacity: { cpu: 16, gpu: 0 },
    });
    expect(words(last.events)).toEqual(['TrainingQueued 17']);
  });

  it('tries again what another attempt can help, after a growing pause', () => {
    const failing = study([...running, queuedTrial(0), startedTrial(0), failedAttempt(0)]);
    expect(decided(failing, { capacity: { cpu: 1, gpu: 0 } }).events).toEqual([
      {
        type: 'TrainingRequeued',
        target: 0,
        delayMs: 1000,
        reason: 'attempt 1 failed: out-of-memory in step 3',
      },
    ]);
    const again = study([
      ...running,
      queuedTrial(0),
      startedTrial(0),
      failedAttempt(0),
      { type: 'TrainingRequeued', target: 0, delayMs: 1000, reason: 'again' },
      startedTrial(0, 2),
      failedAttempt(0, 2),
    ]);
    expect(decided(again).events[0]).toMatchObject({ type: 'TrainingRequeued', delayMs: 2000 });
  });

  it('fails a trial whose failure no attempt can help', () => {
    const failing = study([...running, queuedTrial(0), startedTrial(0), failedAttempt(0, 1, 'diverged')]);
    expect(decided(failing).events[0]).toEqual({
      type: 'TrainingFailed',
      target: 0,
      code: 'diverged',
      message: 'diverged in step 3',
    });
  });

  it('cancels what is open and then the job', () => {
    const state = study([
      ...running,
      ...done(0),
      queuedTrial(1),
      queuedTrial(2),
      startedTrial(2),
      { type: 'CancelRequested' },
    ]);
    expect(words(decided(state).events)).toEqual([
      'TrainingCancelled 1',
      'TrainingCancelled 2',
      'JobCancelled',
    ]);
  });

  it('at the time limit cancels what waits and lets what runs finish', () => {
    const config = exampleConfig({ timeLimitSeconds: 50 });
    const state = study([...running, ...done(0), queuedTrial(1), queuedTrial(2), startedTrial(1)], config);
    expect(decided(state, { now: 40_000 }).wakeAt).toBe(2_000 + 50_000);
    expect(words(decided(state, { now: 60_000 }).events)).toEqual(['TrainingCancelled 2']);
    const ended = study([...running, ...done(0)], config);
    expect(decided(ended, { now: 60_000 }).events).toEqual([
      { type: 'SearchEnded', reason: 'the time limit of 50 s has passed' },
    ]);
  });

  it('asks for charts of each trial once, and of the study when it has grown', () => {
    const first = study([...running, ...done(0)]);
    expect(words(decided(first, { plots: true }).events).filter((word) => word.startsWith('Plots'))).toEqual([
      'PlotsQueued 0',
      'PlotsQueued study',
    ]);
    const asked = study([
      ...running,
      ...done(0),
      { type: 'PlotsQueued', target: 0, run: 1 },
      { type: 'PlotsQueued', target: 'study', run: 1 },
      { type: 'PlotsReady', target: 'study', run: 1, artifacts: [] },
    ]);
    expect(words(decided(asked, { plots: true }).events).filter((word) => word.startsWith('Plots'))).toEqual(
      [],
    );
  });

  describe('finalizing', () => {
    const search = [...running, ...done(0), ...done(1), ...done(2)];
    const finalizing: NewStudyEvent[] = [...search, { type: 'SearchEnded', reason: 'all done' }];
    const model: NewStudyEvent[] = [
      queuedFinalModel,
      { type: 'TrainingStarted', target: 'final', trainer: 't', attempt: 1, engine: 'native', device: 'cpu' },
      { type: 'TrainingCompleted', target: 'final', attempt: 1, result: exampleResult(), artifacts: [] },
    ];

    it('follows the last trial', () => {
      expect(decided(study(search)).events).toEqual([
        { type: 'SearchEnded', reason: 'all 3 trials are done' },
      ]);
      expect(decided(study(finalizing)).events[0]).toMatchObject({
        type: 'TrainingQueued',
        target: 'final',
        source: 'best-trial',
        trial: 0,
        untilEpoch: 2,
      });
    });

    it('waits for the charts, but not for ever', () => {
      const state = study([...finalizing, ...model, { type: 'PlotsQueued', target: 'study', run: 1 }]);
      const queuedAt = state.plots['study']!.queuedAt;
      const giveUpAt = queuedAt + state.config.plotsTimeoutSeconds * 1000;
      expect(decided(state, { now: queuedAt })).toEqual({ events: [], wakeAt: giveUpAt });
      expect(words(decided(state, { now: giveUpAt }).events)).toEqual(['Warning', 'JobCompleted']);
    });

    it('completes when model and charts are there', () => {
      expect(words(decided(study([...finalizing, ...model])).events)).toEqual(['JobCompleted']);
    });

    it('fails with the reason when the model cannot be made', () => {
      const state = study([
        ...finalizing,
        model[0]!,
        model[1]!,
        {
          type: 'TrainingAttemptFailed',
          target: 'final',
          attempt: 1,
          trainer: 't',
          code: 'diverged',
          message: 'NaN in step 3',
        },
        { type: 'TrainingFailed', target: 'final', code: 'diverged', message: 'NaN in step 3' },
      ]);
      expect(decided(state).events).toEqual([
        {
          type: 'JobFailed',
          code: 'final-model-failed',
          message: 'the final model could not be trained: NaN in step 3',
        },
      ]);
    });

    it('gives the final model another attempt, and fails where too many trainers were lost over it', () => {
      const failed: NewStudyEvent = {
        type: 'TrainingAttemptFailed',
        target: 'final',
        attempt: 1,
        trainer: 't',
        code: 'out-of-memory',
        message: 'no memory',
      };
      expect(words(decided(study([...finalizing, model[0]!, model[1]!, failed])).events)).toEqual([
        'TrainingRequeued final',
      ]);
      const lost: NewStudyEvent = {
        type: 'TrainingInterrupted',
        target: 'final',
        attempt: 1,
        reason: 'it fell silent',
      };
      const once = study([...finalizing, model[0]!, model[1]!, lost], { ...exampleConfig(), maxLost: 1 });
      expect(words(decided(once).events)).toEqual(['TrainingFailed final']);
      expect(words(decided(study([...finalizing, model[0]!, model[1]!, lost])).events)).toEqual([]);
    });

    it('asks for the last charts before it waits for them', () => {
      const state = study([...finalizing, ...model]);
      const charts = ['PlotsQueued 0', 'PlotsQueued 1', 'PlotsQueued 2', 'PlotsQueued study'];
      expect(words(decided(state, { plots: true }).events)).toEqual(charts);
    });

    it('does nothing after the end', () => {
      expect(decided(study([...finalizing, ...model, { type: 'JobCompleted' }]))).toEqual({
        events: [],
        wakeAt: null,
      });
    });
  });
});
