import { describe, expect, test } from '@jest/globals';
import { eventOf, eventPayload } from './log-format.ts';
import { EVENT_KINDS, eventAt } from './testing/study-events.ts';

const entry = (payload: string | Buffer) =>
  eventOf(Buffer.from('7-0'), [
    Buffer.from('at'),
    Buffer.from('12'),
    Buffer.from('event'),
    Buffer.from(payload),
  ]);
const subject = { jobId: 'job-format', target: 3, attempt: 1, epoch: 2 };

describe('events in a log', () => {
  test.each(EVENT_KINDS)('%s comes back as it was written', (type) => {
    const event = eventAt(type, subject);
    expect(entry(eventPayload(event))).toEqual({ ...event, seq: 7, at: 12 });
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
    expect(entry(eventPayload(event))).toEqual({ ...event, seq: 7, at: 12 });
  });

  test('written before there was compression are read', () => {
    const epoch = eventAt('EpochEnded', subject);
    expect(entry(JSON.stringify(epoch))).toEqual({ ...epoch, seq: 7, at: 12 });
  });
});
