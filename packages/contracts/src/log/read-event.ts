/**
 * Events as they are stored: in Redis, in archives and in exported studies, by this version and by others. No zod here,
 * for browsers read them too.
 */
import { OneginError } from '../validation.ts';
import { newerVersion, stampVersion, versionOf, WIRE_VERSION } from '../wire.ts';
import type { EventsMessage } from '../live/live-message.ts';
import type { NewStudyEvent, StudyEvent } from './study-event.ts';
import { isJobEvent, isPlotsEvent, isTrainingEvent } from './transitions.ts';
import { fromVersion1, type WrittenEvent } from './version-1.ts';

/** The event with the version that wrote it. */
export const storedEvent = <Event extends NewStudyEvent>(event: Event): Event & { version: number } =>
  stampVersion(event);

/**
 * A stored event as this version knows it.
 * @throws OneginError `newer-version` for an event that only a newer version knows
 */
export function upcastEvent(stored: object): NewStudyEvent {
  const version = versionOf(stored);
  const { version: _, ...written } = stored as WrittenEvent;
  const event = (version === 1 ? fromVersion1(written as WrittenEvent) : written) as NewStudyEvent;
  if (!isTrainingEvent(event) && !isPlotsEvent(event) && !isJobEvent(event))
    throw unknownEvent(event, version);
  return event;
}

/** A line of a log as NDJSON. @throws OneginError `newer-version` */
export const eventOfLine = (line: string): StudyEvent =>
  upcastEvent(JSON.parse(line) as object) as StudyEvent;

/** Events that a gateway sent, of whichever version it is. @throws OneginError `newer-version` */
export const eventsOfMessage = ({ version = 1, events }: EventsMessage): readonly StudyEvent[] =>
  version === WIRE_VERSION ? events : events.map((event) => upcastEvent({ ...event, version }) as StudyEvent);

/** An event that this version doesn't know. */
export const unknownEvent = ({ type }: { type: string }, version: number): OneginError =>
  version > WIRE_VERSION
    ? newerVersion(`an event ${type}`, version)
    : new OneginError('internal', `expected an event of a study, found the type ${type}`);
