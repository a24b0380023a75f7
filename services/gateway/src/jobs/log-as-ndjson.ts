/** The study's log as text, one event a line, read page by page so that a long log is never held whole. */
import { Readable } from 'node:stream';
import type { GatewayParts } from '../gateway-parts.ts';

export async function logAsNdjson(
  jobId: string,
  after: number,
  { log, archive }: Pick<GatewayParts, 'log' | 'archive'>,
): Promise<Readable | Buffer> {
  // What left Redis is complete in the archive.
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
