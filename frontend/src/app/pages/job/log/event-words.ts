/** An event of the log as one line for people. Pure. */
import { formatShare, plainName } from '@onegin/charts/format';
import { isTrainingEvent, trainingName, type StudyEvent } from '@onegin/contracts';

const LONGEST = 300;

/** "TrainingAttemptFailed" → "training attempt failed". */
const nameWords = (type: string): string =>
  type.replace(/[A-Z]/g, (letter, at: number) => `${at ? ' ' : ''}${letter.toLowerCase()}`);

export function eventWords(event: StudyEvent): string {
  const words = [subject(event), detail(event)].filter(Boolean).join(': ');
  return plainName(words.charAt(0).toUpperCase() + words.slice(1), LONGEST);
}

function subject(event: StudyEvent): string {
  const words = nameWords(event.type);
  if (isTrainingEvent(event)) return `${trainingName(event.target)} ${words.replace(/^training /, '')}`;
  return 'number' in event && event.number !== undefined ? `trial ${event.number} ${words}` : words;
}

function detail(event: StudyEvent): string {
  switch (event.type) {
    case 'TrainingStarted':
      return `on ${event.trainer}, ${event.engine} on ${event.device}, attempt ${event.attempt}`;
    case 'EpochEnded':
      return `epoch ${event.summary.epoch}, validation accuracy ${formatShare(event.summary.validationAccuracy)}`;
    case 'TrainingCompleted':
      return `accuracy ${formatShare(event.result.accuracy, 4)}`;
    case 'PlotsProgressed':
      return `${event.target === 'study' ? 'study' : `trial ${event.target}`}, ${event.chart}, ${event.done} of ${event.total}`;
    case 'PlotsQueued':
    case 'PlotsReady':
      return event.target === 'study' ? 'study' : `trial ${event.target}`;
    default:
      if ('message' in event) return event.message;
      return 'reason' in event ? event.reason : '';
  }
}
