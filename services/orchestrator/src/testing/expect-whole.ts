import { expect } from '@jest/globals';
import { isTrainingEvent, type StudyEvent, type StudyState } from '@onegin/contracts';

const OUTCOMES = ['TrainingCompleted', 'TrainingPruned', 'TrainingFailed', 'TrainingCancelled'];

/** Every trial has one outcome, numbers have no gap, and every epoch is there once. */
export function expectWhole(state: StudyState, events: readonly StudyEvent[]): void {
  const outcomes = new Map<number, number>();
  for (const event of events)
    if (isTrainingEvent(event) && event.target !== 'final' && OUTCOMES.includes(event.type))
      outcomes.set(event.target, (outcomes.get(event.target) ?? 0) + 1);
  expect([...outcomes.keys()].sort((a, b) => a - b)).toEqual(state.trials.map((_, n) => n));
  expect([...new Set(outcomes.values())]).toEqual([1]);
  for (const trial of state.trials)
    expect(trial.epochs.map(({ epoch }) => epoch)).toEqual(trial.epochs.map((_, i) => i + 1));
}
