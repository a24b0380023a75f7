/** How Redis holds a study: an event as the fields of a stream entry, a state as text. */
import { objectiveValues, type NewStudyEvent, type StudyEvent, type StudyState } from '@onegin/contracts';

/** Changes whenever a stored snapshot of an older version can't be folded on. */
const SNAPSHOT_VERSION = 1;

/** An entry's fields are `at`, its time, `event`, its payload. They were checked when they were written. */
export function eventOf(id: string, fields: readonly string[]): StudyEvent {
  const event = JSON.parse(fields[3]!) as NewStudyEvent;
  return { ...event, seq: Number(id.split('-')[0]), at: Number(fields[1]) };
}

export const snapshotText = (state: StudyState): string =>
  JSON.stringify({ version: SNAPSHOT_VERSION, state });

/** Null where another version wrote it: then the log is folded from its first event. */
export function snapshotOf(text: string): StudyState | null {
  const { version, state } = JSON.parse(text) as { version: number; state: StudyState };
  if (version !== SNAPSHOT_VERSION) return null;
  // JSON has no NaN; an objective value that could not be measured comes back as it was computed.
  for (const trial of state.trials)
    if (trial.result && trial.values?.some((value) => (value as number | null) === null))
      trial.values = objectiveValues(state.config.objective, trial.result);
  return state;
}
