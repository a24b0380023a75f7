/**
 * How Redis holds an event: as the fields of a stream entry, as JSON, compressed where that pays; a study of ten
 * thousand trials has hundreds of thousands of events.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { NewStudyEvent, StudyEvent } from '@onegin/contracts';
import { LOG_DICTIONARY } from './log-dictionary.ts';

/** First byte of what is compressed; JSON begins with a brace. */
const COMPRESSED = 1;
const MARK = Buffer.from([COMPRESSED]);
/** Shorter events stay plain, for people who read the stream. */
const SHORTEST_COMPRESSED = 200;

/** Events are small: with the usual sizes, setting up the compression would cost five times as much as doing it. */
const WINDOW = { dictionary: LOG_DICTIONARY, windowBits: 13 };
const PACK = { ...WINDOW, memLevel: 6 };
const UNPACK = { ...WINDOW, chunkSize: 2048 };

/** The payload of a stream entry. */
export function eventPayload(event: NewStudyEvent): string | Buffer {
  const text = JSON.stringify(event);
  if (text.length < SHORTEST_COMPRESSED) return text;
  return Buffer.concat([MARK, deflateRawSync(text, PACK)]);
}

/** An entry's fields are `at`, its time, `event`, its payload. They were checked when they were written. */
export function eventOf(id: Buffer, fields: readonly Buffer[]): StudyEvent {
  const payload = fields[3]!;
  const text =
    payload[0] === COMPRESSED ? inflateRawSync(payload.subarray(1), UNPACK).toString() : payload.toString();
  const event = JSON.parse(text) as NewStudyEvent;
  return { ...event, seq: Number(id.toString().split('-')[0]), at: Number(fields[1]!.toString()) };
}
