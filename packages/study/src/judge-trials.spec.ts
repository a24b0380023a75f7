import { describe, expect, it } from '@jest/globals';
import type { NewStudyEvent } from '@onegin/contracts';
import {
  endedEpoch,
  exampleConfig,
  pausedTrial,
  queuedTrial,
  startedTrial,
  studyOf,
} from '@onegin/contracts/testing';
import { createJudge } from './judge-trials.ts';

const started: NewStudyEvent = { type: 'JobStarted' };

/** A trial that runs and has reported these accuracies. */
const running = (number: number, ...accuracies: number[]): NewStudyEvent[] => [
  queuedTrial(number),
  startedTrial(number),
  ...accuracies.map((accuracy, i) => endedEpoch(number, i + 1, 1, accuracy)),
];
const paused = (number: number, ...accuracies: number[]): NewStudyEvent[] => [
  ...running(number, ...accuracies),
  pausedTrial(number),
];

describe('reports', () => {
  const config = exampleConfig({ epochs: 9, trials: 9, pruner: { name: 'threshold', lower: 0.5 } });
  const state = (...trials: NewStudyEvent[][]) => studyOf([started, ...trials.flat()], config);

  it('that came since the last look are judged in order, up to the first that prunes', () => {
    const judge = createJudge(config);
    expect(judge(state(running(0)), 0)).toEqual([]);
    expect(judge(state(running(0, 0.6, 0.2, 0.1, 0.9)), 0)).toEqual([
      { type: 'TrainingPruned', target: 0, reason: expect.stringContaining('at step 2') },
    ]);
  });

  it('are judged once', () => {
    const judge = createJudge(config);
    expect(judge(state(running(0, 0.1)), 0)).toHaveLength(1);
    expect(judge(state(running(0, 0.1)), 0)).toEqual([]);
    expect(judge(state(running(0, 0.1, 0.6)), 0)).toEqual([]);
  });

  it('from before a restart are not judged, but for the newest', () => {
    expect(createJudge(config)(state(running(0, 0.1, 0.9)), 0)).toEqual([]);
    expect(createJudge(config)(state(running(0, 0.9, 0.1)), 0)).toHaveLength(1);
  });

  it('of a trial that waits for a trainer are left until it runs', () => {
    const waiting: NewStudyEvent = { type: 'TrainingInterrupted', target: 0, attempt: 1, reason: 'lost' };
    expect(createJudge(config)(state(running(0, 0.1), [waiting]), 0)).toEqual([]);
  });
});

describe('paused trials', () => {
  const config = (trials = 9) =>
    exampleConfig({ epochs: 9, trials, pruner: { name: 'asha', minSteps: 1, reduction: 3 } });
  const state = (trials: number, ...events: NewStudyEvent[][]) =>
    studyOf([started, ...events.flat()], config(trials));
  const promoted = (number: number, untilEpoch = 3) => ({
    type: 'TrainingPromoted',
    target: number,
    untilEpoch,
  });

  it('that are good enough go straight on, and are not promoted twice', () => {
    const three = state(9, paused(0, 0.3), paused(1, 0.9), paused(2, 0.6));
    for (const room of [0, 1, 5]) expect(createJudge(config())(three, room)).toEqual([promoted(1)]);
  });

  it('that the study has grown past are promoted, the best first, as far as there is room', () => {
    for (const [room, expected] of [
      [0, []],
      [1, [promoted(1)]],
      [5, [promoted(1), promoted(0)]],
    ] as const) {
      const judge = createJudge(config());
      const two = [paused(0, 0.8), paused(1, 0.9)];
      expect(judge(state(9, ...two), room)).toEqual([]);
      const six = [...two, ...[2, 3, 4, 5].map((number) => paused(number, number / 10))];
      expect(judge(state(9, ...six), room)).toEqual(expected);
    }
  });

  it('of which none is good enough: the best goes on when nothing else will', () => {
    const both = [paused(0, 0.2), paused(1, 0.4)];
    expect(createJudge(config())(state(3, ...both), 1)).toEqual([]);
    expect(createJudge(config(3))(state(3, ...both, running(2)), 1)).toEqual([]);
    expect(createJudge(config(2))(state(2, ...both), 1)).toEqual([promoted(1)]);
  });

  it('wait while another goes on', () => {
    const far = paused(0, 0.5, 0.5, 0.5);
    const four = state(4, far, paused(1, 0.1), paused(2, 0.2), paused(3, 0.9));
    expect(createJudge(config(4))(four, 5)).toEqual([promoted(3)]);
  });
});

it('nothing is judged where the request says so', () => {
  const config = exampleConfig({ epochs: 9, pruner: 'none' });
  expect(createJudge(config)(studyOf([started, ...paused(0, 0.1)], config), 5)).toEqual([]);
});
