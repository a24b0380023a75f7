/** The study's log as text, one event per line, read page by page so that a long log is never held in memory. */
import { Readable } from 'node:stream';
import { storedEvent, toVersion1, upcastEvent, versionOf, WIRE_VERSION } from '@onegin/contracts';
import type { StudyLog } from '@onegin/service-kit';
import type { Archive } from './archive.ts';

export interface LogSources {
  readonly log: Pick<StudyLog, 'lastSeq' | 'lines'>;
  readonly archive: Pick<Archive, 'log'>;
}

export interface LogQuery {
  /** Only events after this sequence number. */
  readonly after: number;
  /** Of the events' names; 1 for programs that were written for Onegin 0.1. */
  readonly version: number;
}

export async function logAsNdjson(
  jobId: string,
  { after, version }: LogQuery,
  { log, archive }: LogSources,
): Promise<Readable> {
  // A study that is no longer in Redis is in the archive.
  const isArchived = (await log.lastSeq(jobId)) === 0;
  const archived = isArchived ? await archive.log(jobId) : null;
  const pages = isArchived ? pagesAfter(archived?.toString() ?? '', after) : log.lines(jobId, after);
  const needsNames = isArchived || version !== WIRE_VERSION;
  return Readable.from(needsNames ? renamed(pages, version) : pages, { objectMode: false });
}

/** Lines are held as they were archived, by whichever version. */
async function* pagesAfter(text: string, after: number): AsyncGenerator<string> {
  const lines = text.split('\n').slice(0, -1);
  const kept = lines.filter((line) => (JSON.parse(line) as { seq: number }).seq > after);
  if (kept.length > 0) yield kept.map((line) => `${line}\n`).join('');
}

async function* renamed(pages: AsyncIterable<string>, version: number): AsyncGenerator<string> {
  for await (const page of pages) {
    const lines = page.split('\n').slice(0, -1);
    yield lines.map((line) => `${inVersion(line, version)}\n`).join('');
  }
}

function inVersion(line: string, version: number): string {
  const stored = JSON.parse(line) as object;
  // What only a newer version knows is told as it is.
  if (versionOf(stored) > WIRE_VERSION) return line;
  const event = upcastEvent(stored);
  return JSON.stringify(version === 1 ? toVersion1(event) : storedEvent(event));
}
