/** What follows when trainers were lost over a training again and again: it may be what ends them. */
import { trainingEvents, type NewStudyEvent, type StudyState, type TrainingTarget } from '@onegin/contracts';
import type { TrainingState } from '@onegin/contracts';

/** The end of a training that has cost too many trainers; null while it may go to another. */
export function afterLoss(
  { config }: Pick<StudyState, 'config'>,
  { status, lost, reason }: TrainingState,
  target: TrainingTarget,
): NewStudyEvent | null {
  // One that runs may still succeed.
  if (status !== 'queued' || lost < config.maxLost) return null;
  const message = `${lost} trainers were lost in the middle of it, the last time: ${reason ?? 'unseen'}`;
  return trainingEvents(target).failed({ code: 'trainer-lost', message });
}
