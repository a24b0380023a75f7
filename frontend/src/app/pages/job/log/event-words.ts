/** An event of the log as one line for people. Pure. */
import { formatShare, plainName } from '@onegin/charts/format';
import type { StudyEvent } from '@onegin/contracts';

const LONGEST = 300;

/** "TrialAttemptFailed" → "trial attempt failed". */
const nameWords = (type: string): string =>
  type.replace(/[A-Z]/g, (letter, at: number) => `${at ? ' ' : ''}${letter.toLowerCase()}`);

export function eventWords(event: StudyEvent): string {
  const words = [subject(event), detail(event)].filter(Boolean).join(': ');
  return plainName(words.charAt(0).toUpperCase() + words.slice(1), LONGEST);
}

function subject(event: StudyEvent): string {
  if (!('number' in event) || event.number === undefined) return nameWords(event.type);
  return `trial ${event.number} ${nameWords(event.type).replace(/^trial /, '')}`;
}

function detail(event: StudyEvent): string {
  switch (event.type) {
    case 'TrialStarted':
    case 'FinalModelStarted':
      return `on ${event.trainer}, ${event.engine} on ${event.device}, attempt ${event.attempt}`;
    case 'EpochEnded':
    case 'FinalModelProgressed':
      return `epoch ${event.summary.epoch}, validation accuracy ${formatShare(event.summary.validationAccuracy)}`;
    case 'TrialCompleted':
    case 'FinalModelReady':
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
