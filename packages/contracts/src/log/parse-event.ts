/** Checks an event that came from outside: from a file, or another installation. */
import * as z from 'zod';
import { upcastEvent } from './read-event.ts';
import { studyEventSchemas, type StudyEvent } from './study-event.ts';

const envelope = z.looseObject({ type: z.string(), seq: z.int().min(1), at: z.number() });

/** @throws zod's error, or OneginError `newer-version` */
export function parseStudyEvent(input: unknown): StudyEvent {
  const { type, seq, at, ...payload } = upcastEvent(envelope.parse(input)) as StudyEvent;
  return { type, seq, at, ...studyEventSchemas[type].parse(payload) } as StudyEvent;
}
