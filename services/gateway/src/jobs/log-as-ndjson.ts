/** The study's log as text, one event per line, read page by page so that a long log is never held in memory. */
import { Readable } from 'node:stream';
import type { StudyLog } from '@onegin/service-kit';
import type { Archive } from './archive.ts';

export interface LogSources {
  readonly log: Pick<StudyLog, 'lastSeq' | 'lines'>;
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
  return Readable.from(log.lines(jobId, after), { objectMode: false });
}

function linesAfter(text: Buffer, after: number): Buffer {
  if (after === 0) return text;
  const kept = text
    .toString()
    .split('\n')
    .filter((line) => line !== '' && (JSON.parse(line) as { seq: number }).seq > after);
  return Buffer.from(kept.map((line) => `${line}\n`).join(''));
}
