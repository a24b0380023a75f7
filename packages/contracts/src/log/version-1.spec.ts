import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseStudyEvent } from './parse-event.ts';
import { eventOfLine, storedEvent, upcastEvent } from './read-event.ts';
import { reduceStudy } from './reduce-study.ts';
import type { NewStudyEvent, StudyEvent } from './study-event.ts';
import type { StudyState } from './study-state.ts';
import { fromVersion1, toVersion1, type WrittenEvent } from './version-1.ts';
import { WIRE_VERSION } from '../wire.ts';

const file = (name: string): string =>
  readFileSync(new URL(`../testing/version-1/${name}`, import.meta.url), 'utf8');
const linesOf = (name: string): string[] => file(`${name}.ndjson`).trimEnd().split('\n');

const attempt = 2;
const failure = { code: 'out-of-memory', message: 'no memory' };
const subjects = { trial: { number: 3 }, final: {} };
/** What the recorded studies did not come to. */
const rare: WrittenEvent[] = [
  { type: 'TrialInterrupted', ...subjects.trial, attempt, reason: 'lost' },
  { type: 'TrialAttemptFailed', ...subjects.trial, attempt, trainer: 'a', ...failure },
  { type: 'TrialRequeued', ...subjects.trial, delayMs: 5, reason: 'again' },
  { type: 'TrialFailed', ...subjects.trial, ...failure },
  { type: 'FinalModelHandedBack', attempt },
  { type: 'FinalModelInterrupted', attempt, reason: 'lost' },
  { type: 'FinalModelAttemptFailed', attempt, trainer: 'a', ...failure },
  { type: 'FinalModelRequeued', delayMs: 5, reason: 'again' },
  { type: 'FinalModelFailed', ...failure },
];

describe('logs that Onegin 0.1 wrote', () => {
  it.each(['completed', 'cancelled', 'open'])('lead to the state that it folded: %s', (name) => {
    const state = linesOf(name)
      .map(eventOfLine)
      .reduce(reduceStudy, null as never);
    const { failedInARow: _, ...written } = JSON.parse(file(`${name}.json`)) as StudyState & {
      failedInARow: number;
    };
    expect(JSON.parse(JSON.stringify(state))).toEqual(written);
  });

  it.each(['completed', 'cancelled', 'open'])('are checked when they come from a file: %s', (name) => {
    for (const line of linesOf(name)) expect(parseStudyEvent(JSON.parse(line))).toEqual(eventOfLine(line));
  });

  it('come back as they were written, for programs of that version', () => {
    const lines = ['completed', 'cancelled', 'open'].flatMap(linesOf);
    const written = [...lines.map((line) => JSON.parse(line) as WrittenEvent), ...rare];
    for (const event of written) expect(toVersion1(upcastEvent(event))).toEqual(event);
    expect(new Set(written.map(({ type }) => type)).size).toBeGreaterThan(25);
  });

  it('tell a trial from the final model', () => {
    for (const event of rare)
      expect(fromVersion1(event)['target']).toBe(event.type.startsWith('Trial') ? 3 : 'final');
  });
});

describe('stored events', () => {
  const event: NewStudyEvent = { type: 'TrainingCancelled', target: 1 };

  it('say which version wrote them, and are read without it', () => {
    expect(storedEvent(event)).toEqual({ version: WIRE_VERSION, ...event });
    expect(upcastEvent(storedEvent(event))).toEqual(event);
  });

  it('keep fields that another version may know', () => {
    const newer = { version: WIRE_VERSION + 1, ...event, note: 'kept' };
    expect(upcastEvent(newer)).toEqual({ ...event, note: 'kept' });
    expect(parseStudyEvent({ ...newer, seq: 4, at: 5 })).toEqual({ ...event, note: 'kept', seq: 4, at: 5 });
  });

  it('wait for a newer version where only that knows them, and are damaged where none does', () => {
    const unknown = { type: 'TrainingBlessed', target: 1 };
    expect(() => upcastEvent({ ...unknown, version: WIRE_VERSION + 1 })).toThrow(
      expect.objectContaining({ code: 'newer-version' }),
    );
    expect(() => upcastEvent({ ...unknown, version: WIRE_VERSION })).toThrow(
      expect.objectContaining({ code: 'internal' }),
    );
  });

  it('leave a state as it was when they are not known', () => {
    const state = linesOf('open')
      .map(eventOfLine)
      .reduce(reduceStudy, null as never);
    const before = structuredClone(state);
    const next = { type: 'TrainingBlessed', seq: state.seq + 1, at: 0 } as unknown as StudyEvent;
    expect(() => reduceStudy(state, next)).toThrow(expect.objectContaining({ code: 'newer-version' }));
    expect(state).toEqual(before);
  });
});
