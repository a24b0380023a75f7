/**
 * How Redis holds an event: as the fields of a stream entry, as JSON, compressed where that pays; a study of ten
 * thousand trials has hundreds of thousands of events.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { newerVersion, storedEvent, upcastEvent, WIRE_VERSION } from '@onegin/contracts';
import type { NewStudyEvent, StudyEvent } from '@onegin/contracts';
import { LOG_DICTIONARIES } from './log-dictionary.ts';

/** First byte of what is compressed: the version whose dictionary it needs. */
const FORMAT = 2;
const BRACE = '{'.charCodeAt(0);
const MARK = Buffer.from([FORMAT]);
/** Shorter events stay plain, for people who read the stream. */
const SHORTEST_COMPRESSED = 200;

/** Events are small: with the usual sizes, setting up the compression would cost five times as much as doing it. */
const PACK = { dictionary: LOG_DICTIONARIES[FORMAT], windowBits: 13, memLevel: 6 };
const UNPACK = new Map(
  Object.entries(LOG_DICTIONARIES).map(([format, dictionary]) => [
    Number(format),
    { dictionary, windowBits: 13, chunkSize: 2048 },
  ]),
);

/** The payload of a stream entry. */
export function eventPayload(event: NewStudyEvent): string | Buffer {
  const text = JSON.stringify(storedEvent(event));
  if (text.length < SHORTEST_COMPRESSED) return text;
  return Buffer.concat([MARK, deflateRawSync(text, PACK)]);
}

/** A stream entry: its id is `{seq}-0`, its fields are `at`, its time, and `event`, its payload. */
export type LogEntry = readonly [id: Buffer, fields: readonly Buffer[]];

/**
 * Entries were checked when they were written.
 * @throws OneginError `newer-version` for an event that only a newer version knows
 */
export function eventOf(entry: LogEntry): StudyEvent {
  const event = upcastEvent(JSON.parse(textOf(entry)) as object);
  return { ...event, ...placeOf(entry) };
}

/** As this version writes an event; most need not be parsed to be told. */
const OWN = `{"version":${WIRE_VERSION},`;

/** A stream entry as a line of NDJSON, of whichever version its event is. */
export function lineOf(entry: LogEntry): string {
  const text = textOf(entry);
  const { seq, at } = placeOf(entry);
  const event = text.startsWith(OWN) ? text : ownTextOf(text);
  return `{"seq":${seq},"at":${at},${event.slice(1)}\n`;
}

/** An event of an older version as this one writes it; what only a newer version knows is told as it is. */
function ownTextOf(text: string): string {
  const event = JSON.parse(text) as { version?: number };
  return (event.version ?? 1) > WIRE_VERSION ? text : JSON.stringify(storedEvent(upcastEvent(event)));
}

function textOf([, fields]: LogEntry): string {
  const payload = fields[3]!;
  if (payload[0] === BRACE) return payload.toString();
  const unpack = UNPACK.get(payload[0]!);
  if (!unpack) throw newerVersion('an event', payload[0]!);
  return inflateRawSync(payload.subarray(1), unpack).toString();
}

const placeOf = ([id, fields]: LogEntry): { seq: number; at: number } => ({
  seq: Number(id.toString().split('-')[0]),
  at: Number(fields[1]!.toString()),
});
