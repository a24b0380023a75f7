import { describe, expect, it } from '@jest/globals';
import type { TrialView } from '@onegin/contracts';
import { isSort, isStatus, listedTrials, type TrialFilter } from './trial-filter.ts';

const trial = (number: number, more: Partial<TrialView> = {}): TrialView => ({
  number,
  status: 'completed',
  params: { optimizer: number % 2 ? 'adam' : 'sgd' },
  source: 'tpe',
  values: [number / 10],
  accuracy: number / 10,
  healthScore: 1 - number / 10,
  parameterCount: 100 * number,
  epochsDone: 2,
  lastEpoch: null,
  trainer: 'trainer-1',
  attempt: 1,
  lost: 0,
  queuedAt: 0,
  startedAt: 0,
  endedAt: 1,
  reason: null,
  failure: null,
  ...more,
});
const all: TrialFilter = { status: null, sort: 'newest', text: '', only: null };
const numbers = (trials: readonly TrialView[]) => trials.map(({ number }) => number);

describe('listed trials', () => {
  const trials = [
    trial(0),
    trial(1),
    trial(2, { status: 'running', values: null, accuracy: null }),
    trial(3),
  ];

  it.each([
    ['newest', [3, 2, 1, 0]],
    ['oldest', [0, 1, 2, 3]],
    ['best', [3, 1, 0, 2]],
    ['health', [0, 1, 2, 3]],
    ['small', [0, 1, 2, 3]],
  ] as const)('stand in the order %s, those without a value last', (sort, expected) => {
    expect(numbers(listedTrials(trials, { ...all, sort }))).toEqual(expected);
  });

  it('are filtered by status, words, number and the brushed areas', () => {
    expect(numbers(listedTrials(trials, { ...all, status: 'running' }))).toEqual([2]);
    expect(numbers(listedTrials(trials, { ...all, text: 'optimizer ADAM' }))).toEqual([3, 1]);
    expect(numbers(listedTrials(trials, { ...all, text: '#3' }))).toEqual([3]);
    expect(numbers(listedTrials(trials, { ...all, only: new Set([0, 1]) }))).toEqual([1, 0]);
  });

  it('take no word from the address that is none', () => {
    expect([isSort('best'), isSort('toString'), isSort(undefined)]).toEqual([true, false, false]);
    expect([isStatus('pruned'), isStatus('<script>')]).toEqual([true, false]);
  });
});
