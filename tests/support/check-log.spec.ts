import { describe, expect, it } from '@jest/globals';
import type { NewStudyEvent, StudyEvent, TrainingTarget } from '@onegin/contracts';
import {
  completedTrial,
  exampleConfig,
  exampleResult,
  logOf,
  queuedFinalModel,
  queuedTrial,
  startedTrial,
} from '@onegin/contracts/testing';
import { logFaults } from './check-log.ts';

const epoch = (number: number, n: number, attempt = 1): NewStudyEvent => ({
  type: 'EpochEnded',
  target: number,
  attempt,
  summary: {
    epoch: n,
    trainLoss: 1,
    trainAccuracy: 0.5,
    validationLoss: 1,
    validationAccuracy: 0.5,
    learningRate: 0.01,
    seconds: 1,
    samplesPerSecond: 1,
  },
});
const trial = (number: number): NewStudyEvent[] => [
  queuedTrial(number),
  startedTrial(number),
  epoch(number, 1),
  epoch(number, 2),
  completedTrial(number),
];
const keras = {
  kind: 'keras',
  key: 'model.keras',
  bytes: 1,
  sha256: '0'.repeat(64),
  contentType: 'application/octet-stream',
};
const finalModel: NewStudyEvent[] = [
  { type: 'SearchEnded', reason: 'all trials are done' },
  queuedFinalModel,
  { type: 'TrainingStarted', target: 'final', attempt: 1, trainer: 'a', engine: 'native', device: 'cpu' },
  { type: 'TrainingCompleted', target: 'final', attempt: 1, result: exampleResult(), artifacts: [keras] },
];
const config = exampleConfig({ trials: 2, epochs: 2 });
const whole: readonly NewStudyEvent[] = [
  { type: 'JobRequested', config },
  { type: 'JobStarted' },
  ...trial(0),
  ...trial(1),
  ...finalModel,
  { type: 'JobCompleted' },
];

const index = (type: NewStudyEvent['type'], target: TrainingTarget = 0): number =>
  whole.findIndex((event) => event.type === type && (!('target' in event) || event.target === target));
const without = (at: number) => whole.toSpliced(at, 1);
const doubled = (at: number) => whole.toSpliced(at, 0, whole[at]!);
const renumbered = (log: readonly StudyEvent[]): StudyEvent[] =>
  log.map((event) => ({ ...event, seq: event.seq + 1 }));

describe('the checker of logs', () => {
  it('finds nothing wrong with a study that is whole', () => {
    expect(logFaults(logOf(whole))).toEqual([]);
  });

  it.each<[string, readonly NewStudyEvent[], string]>([
    ['an outcome is missing', without(index('TrainingCompleted', 1)), 'trial 1 has no outcome'],
    [
      'an outcome came twice',
      doubled(index('TrainingCompleted')),
      'trial 0 has TrainingCompleted and TrainingCompleted',
    ],
    ['an epoch came twice', doubled(index('EpochEnded')), 'trial 0: epoch 1 follows epoch 1'],
    ['an epoch is missing', without(index('EpochEnded')), 'trial 0: epoch 2 follows epoch 0'],
    ['an epoch is one too many', whole.toSpliced(index('TrainingCompleted'), 0, epoch(0, 3)), 'epoch 3 of 2'],
    [
      'a trial is missing',
      whole.filter((event) => !('target' in event && event.target === 0)),
      'trial numbers are 1',
    ],
    [
      'the budget is exceeded',
      whole.toSpliced(index('SearchEnded'), 0, ...trial(2)),
      '3 trials for a budget of 2',
    ],
    [
      'an earlier attempt was heard of',
      whole.toSpliced(index('EpochEnded') + 1, 0, startedTrial(0, 2)),
      'is of attempt 1, expected 2',
    ],
    ['a start was not counted', doubled(index('TrainingStarted')), 'is of attempt 1, expected 2'],
    [
      'the final model is missing',
      without(index('TrainingCompleted', 'final')),
      'a completed job has 0 final models',
    ],
    [
      'something follows the end',
      [...whole, { type: 'Warning', code: 'late', message: 'late' }],
      'events follow the end',
    ],
    ['the job ended twice', doubled(index('JobCompleted')), 'the job ends 2 times'],
  ])('says when %s', (_, events, fault) => {
    expect(logFaults(logOf(events)).join('\n')).toContain(fault);
  });

  it('says when sequence numbers have a gap', () => {
    expect(logFaults(renumbered(logOf(whole)))).toEqual(['sequence numbers have a gap at 2']);
  });
});
