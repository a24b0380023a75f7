/**
 * How Redis holds a study: an event as the fields of a stream entry, a state as one value. Both are JSON, compressed
 * where that pays: a study of ten thousand trials has hundreds of thousands of events.
 */
import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync, inflateRaw, inflateRawSync } from 'node:zlib';
import { objectiveValues, type NewStudyEvent, type StudyEvent, type StudyState } from '@onegin/contracts';
import { LOG_DICTIONARY } from './log-dictionary.ts';

/** Changes whenever a stored snapshot of an older version can't be folded on. */
const SNAPSHOT_VERSION = 1;

/** First byte of what is compressed; JSON begins with a brace. */
const COMPRESSED = 1;
const MARK = Buffer.from([COMPRESSED]);
/** Shorter events are as they are, for people who look into the stream. */
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

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

export async function snapshotBytes(state: StudyState): Promise<Buffer> {
  const text = JSON.stringify({ version: SNAPSHOT_VERSION, state });
  // The fastest level makes a sixth of it; the best one would take five times as long for little more.
  return Buffer.concat([MARK, await deflate(text, { level: 1 })]);
}

/** Null where another version wrote it: then the log is folded from its first event. */
export async function snapshotOf(bytes: Buffer): Promise<StudyState | null> {
  const text = bytes[0] === COMPRESSED ? await inflate(bytes.subarray(1)) : bytes;
  const { version, state } = JSON.parse(text.toString()) as { version: number; state: StudyState };
  if (version !== SNAPSHOT_VERSION) return null;
  // JSON has no NaN; an objective value that could not be measured comes back as it was computed.
  for (const trial of state.trials)
    if (trial.result && trial.values?.some((value) => (value as number | null) === null))
      trial.values = objectiveValues(state.config.objective, trial.result);
  return state;
}
