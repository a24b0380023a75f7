/** What follows when trainers were lost over a training again and again: it may be what ends them. */
import { targetOf, type NewStudyEvent, type StudyState, type Training } from '@onegin/contracts';

/** The end of a training that has cost too many trainers; null while it may go to another. */
export function afterLoss({ config }: Pick<StudyState, 'config'>, training: Training): NewStudyEvent | null {
  const { status, lost, reason } = training;
  // One that runs may still succeed.
  if (status !== 'queued' || lost < config.maxLost) return null;
  const message = `${lost} trainers were lost in the middle of it, the last time: ${reason ?? 'unseen'}`;
  return { type: 'TrainingFailed', target: targetOf(training), code: 'trainer-lost', message };
}
