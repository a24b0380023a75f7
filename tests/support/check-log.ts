/**
 * Proves from a study's log alone that nothing was lost or counted twice. Knows nothing of the reducer, so that a
 * mistake there is not a mistake here too.
 */
import type { ArtifactStore } from '@onegin/artifacts';
import type { ArtifactRef, StudyEvent } from '@onegin/contracts';

const OUTCOMES = ['TrainingCompleted', 'TrainingPruned', 'TrainingFailed', 'TrainingCancelled'];

/** Every rule that the log breaks, in words; empty when all is well. */
export function logFaults(events: readonly StudyEvent[]): string[] {
  return [
    ...sequenceFaults(events),
    ...trialFaults(events),
    ...epochFaults(events),
    ...attemptFaults(events),
    ...endFaults(events),
  ];
}

function sequenceFaults(events: readonly StudyEvent[]): string[] {
  const gaps = events.filter(({ seq }, index) => seq !== index + 1);
  return gaps.length > 0 ? [`sequence numbers have a gap at ${gaps[0]!.seq}`] : [];
}

function trialFaults(events: readonly StudyEvent[]): string[] {
  const requested = events[0];
  if (requested?.type !== 'JobRequested') return ['the first event is not JobRequested'];
  const queued = events.flatMap((event) =>
    event.type === 'TrainingQueued' && event.target !== 'final' ? [event.target] : [],
  );
  const faults: string[] = [];
  if (queued.some((number, index) => number !== index)) faults.push(`trial numbers are ${queued.join(', ')}`);
  const budget = requested.config.request.trials;
  if (queued.length > budget) faults.push(`${queued.length} trials for a budget of ${budget}`);
  const ended = events.some(({ type }) => type === 'JobCompleted');
  for (const number of queued) {
    const outcomes = events.filter(
      (event) => OUTCOMES.includes(event.type) && 'target' in event && event.target === number,
    );
    if (outcomes.length > 1)
      faults.push(`trial ${number} has ${outcomes.map(({ type }) => type).join(' and ')}`);
    if (outcomes.length === 0 && ended)
      faults.push(`trial ${number} has no outcome though the job is completed`);
  }
  return faults;
}

function epochFaults(events: readonly StudyEvent[]): string[] {
  const last = new Map<string, number>();
  const faults: string[] = [];
  const most = events[0]?.type === 'JobRequested' ? events[0].config.request.epochs : 0;
  for (const event of events) {
    if (event.type !== 'EpochEnded') continue;
    const who = subjectOf(event)!;
    const { epoch } = event.summary;
    const before = last.get(who) ?? 0;
    if (epoch !== before + 1) faults.push(`${who}: epoch ${epoch} follows epoch ${before}`);
    if (epoch > most) faults.push(`${who}: epoch ${epoch} of ${most}`);
    last.set(who, epoch);
  }
  return faults;
}

/** Whom an event is about: a trial, or the final model. */
function subjectOf(event: StudyEvent): string | null {
  if (!('target' in event) || event.type.startsWith('Plots')) return null;
  return event.target === 'final' ? 'the final model' : `trial ${event.target}`;
}

/** Attempts count from 1, only the present one is heard of, and nothing follows an outcome. */
function attemptFaults(events: readonly StudyEvent[]): string[] {
  const faults: string[] = [];
  const attempts = new Map<string, number>();
  const ended = new Map<string, string>();
  for (const event of events) {
    const who = subjectOf(event);
    if (who === null) continue;
    const outcome = ended.get(who);
    if (outcome) faults.push(`${who}: ${event.type} follows ${outcome}`);
    if (OUTCOMES.includes(event.type)) ended.set(who, event.type);
    if (!('attempt' in event)) continue;
    const before = attempts.get(who) ?? 0;
    const expected = event.type.endsWith('Started') ? before + 1 : before;
    if (event.attempt !== expected)
      faults.push(`${who}: ${event.type} is of attempt ${event.attempt}, expected ${expected}`);
    attempts.set(who, event.attempt);
  }
  return faults;
}

function endFaults(events: readonly StudyEvent[]): string[] {
  const ends = events.filter(({ type }) => ['JobCompleted', 'JobFailed', 'JobCancelled'].includes(type));
  const faults = ends.length > 1 ? [`the job ends ${ends.length} times`] : [];
  if (ends.length > 0 && events.at(-1) !== ends[0]) faults.push(`events follow the end of the job`);
  if (ends[0]?.type === 'JobCompleted') {
    const models = events.filter((event) => event.type === 'TrainingCompleted' && event.target === 'final');
    if (models.length !== 1) faults.push(`a completed job has ${models.length} final models`);
    const files = models.flatMap((event) => (event.type === 'TrainingCompleted' ? event.artifacts : []));
    if (!files.some(({ kind }) => kind === 'keras')) faults.push('the final model has no .keras file');
  }
  return faults;
}

/** Artifacts that the log names and the store does not give back whole. Checkpoints are removed after an outcome. */
export async function artifactFaults(events: readonly StudyEvent[], store: ArtifactStore): Promise<string[]> {
  const refs = events.flatMap((event): ArtifactRef[] => ('artifacts' in event ? event.artifacts : []));
  const faults: string[] = [];
  for (const ref of refs)
    await store.get(ref).catch((error: unknown) => faults.push(`${ref.key}: ${String(error)}`));
  return faults;
}
