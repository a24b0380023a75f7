import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { eventOfLine } from '@onegin/contracts';
import { LOG_DICTIONARIES } from './log-dictionary.ts';
import { eventOf, eventPayload, lineOf, type LogEntry } from './log-format.ts';
import { EVENT_KINDS, eventAt } from './testing/study-events.ts';

const entry = (payload: string | Buffer): LogEntry => [
  Buffer.from('7-0'),
  [Buffer.from('at'), Buffer.from('12'), Buffer.from('event'), Buffer.from(payload)],
];
const subject = { jobId: 'job-format', target: 3, attempt: 1, epoch: 2 };
const place = { seq: 7, at: 12 };

describe('events in a log', () => {
  test.each(EVENT_KINDS)('%s comes back as it was written, parsed and as a line', (type) => {
    const event = eventAt(type, subject);
    const stored = entry(eventPayload(event));
    expect(eventOf(stored)).toEqual({ ...event, ...place });
    expect(eventOfLine(lineOf(stored))).toEqual({ ...event, ...place });
  });

  test('are compressed where they are long, and readable where they are short', () => {
    const epoch = eventAt('EpochEnded', subject);
    expect(eventPayload(epoch).length).toBeLessThan(JSON.stringify(epoch).length / 2);
    expect(eventPayload(eventAt('TrainingPaused', subject))).toBe(
      '{"version":2,"type":"TrainingPaused","target":3,"attempt":1}',
    );
  });

  test('of any length and alphabet come back', () => {
    const event = { type: 'Warning', code: 'a-code', message: 'ж✓🙂"\\'.repeat(3000) } as const;
    expect(eventOf(entry(eventPayload(event)))).toEqual({ ...event, ...place });
    expect(eventOfLine(lineOf(entry(eventPayload(event))))).toEqual({ ...event, ...place });
  });

  test("of version 1 are read and told as today's, compressed or not", () => {
    const text = '{"type":"FinalModelInterrupted","attempt":1,"reason":"lost"}';
    const packed = deflateRawSync(text, { dictionary: LOG_DICTIONARIES[1], windowBits: 13 });
    const today = { type: 'TrainingInterrupted', target: 'final', attempt: 1, reason: 'lost', ...place };
    for (const stored of [entry(text), entry(Buffer.concat([Buffer.from([1]), packed]))]) {
      expect(eventOf(stored)).toEqual(today);
      expect(JSON.parse(lineOf(stored))).toEqual({ ...today, version: 2 });
    }
  });

  test('of a newer version wait, and are told as they are', () => {
    const text = '{"version":9,"type":"TrainingBlessed","target":1}';
    expect(() => eventOf(entry(text))).toThrow(expect.objectContaining({ code: 'newer-version' }));
    expect(JSON.parse(lineOf(entry(text)))).toEqual({ ...(JSON.parse(text) as object), ...place });
    expect(() => eventOf(entry(Buffer.from([9, 1, 2])))).toThrow(
      expect.objectContaining({ code: 'newer-version' }),
    );
  });
});
