/** The study's log as text, one event per line, read page by page so that a long log is never held in memory. */
import { Readable } from 'node:stream';
import type { StudyLog } from '@onegin/service-kit';
import type { Archive } from './archive.ts';

const EVENTS_PER_PAGE = 500;

export interface LogSources {
  readonly log: Pick<StudyLog, 'lastSeq' | 'read'>;
  readonly archive: Pick<Archive, 'log'>;
}

export async function logAsNdjson(
  jobId: string,
  after: number,
  { log, archive }: LogSources,
): Promise<Readable | Buffer> {
  // A study that is no longer in Redis is in the archive.
  if ((await log.lastSeq(jobId)) === 0)
    return linesAfter((await archive.log(jobId)) ?? Buffer.alloc(0), after);
  return Readable.from(pages(), { objectMode: false });

  async function* pages(): AsyncGenerator<string> {
    for (let seq = after; ;) {
      const events = await log.read(jobId, seq, EVENTS_PER_PAGE);
      if (events.length > 0) yield events.map((event) => `${JSON.stringify(event)}\n`).join('');
      if (events.length < EVENTS_PER_PAGE) return;
      seq = events.at(-1)!.seq;
    }
  }
}

function linesAfter(text: Buffer, after: number): Buffer {
  if (after === 0) return text;
  const kept = text
    .toString()
    .split('\n')
    .filter((line) => line !== '' && (JSON.parse(line) as { seq: number }).seq > after);
  return Buffer.from(kept.map((line) => `${line}\n`).join(''));
}
