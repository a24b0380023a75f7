/**
 * What a file may cost before it is called hostile. The largest of the known datasets unpacks to 0.8 GiB in 52,000
 * entries, its largest file to 147 MiB; a bomb announces or delivers far more. Where a format needs less, its reader
 * allows less.
 */
import { Transform } from 'node:stream';
import type { OneginError } from '@onegin/contracts';
import { invalidData } from '../dataset-error.ts';

export interface ArchiveLimits {
  entries: number;
  /** Bytes of one unpacked entry. */
  entryBytes: number;
  /** Bytes of all unpacked entries that were asked for. */
  totalBytes: number;
  /** Bytes that a stream unpacks to, with what is skipped; a zip's entries are skipped without unpacking. */
  streamBytes: number;
}

const MIB = 1024 * 1024;
export const DEFAULT_LIMITS: ArchiveLimits = {
  entries: 300_000,
  entryBytes: 256 * MIB,
  totalBytes: 1536 * MIB,
  streamBytes: 4096 * MIB,
};
/** Of Keras's arrays the largest unpacks to 20 MiB; as JavaScript's numbers they take several times that. */
export const ARRAY_LIMITS: ArchiveLimits = {
  ...DEFAULT_LIMITS,
  entries: 1000,
  entryBytes: 128 * MIB,
  totalBytes: 256 * MIB,
};
/** A traffic sign has at most 250 × 250 pixels, a table a line per sign. */
export const SIGN_LIMITS: ArchiveLimits = { ...DEFAULT_LIMITS, entryBytes: 8 * MIB };
/** The training images of MNIST are 45 MiB. */
export const LARGEST_IDX = 128 * MIB;
/** Keras's larger word index is 1.6 MiB. */
export const LARGEST_WORD_INDEX = 64 * MIB;

export const tooLarge = (file: string, limit: number, found: string): OneginError =>
  invalidData('unpacks to more than any dataset needs', { file, expected: `at most ${limit} bytes`, found });

/**
 * Entries are never written to disk under their own name; one that climbs out of its folder is still refused, since
 * nobody makes such an archive by accident.
 */
export function refuseUnsafeName(archive: string, name: string): void {
  const segments = name.split(/[/\\]/);
  const climbs = segments.includes('..') || name.startsWith('/') || /^[A-Za-z]:/.test(name);
  if (climbs || name.includes('\\') || name.includes('\0'))
    throw invalidData('holds an entry that points outside of its folder', {
      file: archive,
      expected: 'relative paths without ".." and "\\"',
      found: JSON.stringify(name),
    });
}

/** Passes a stream on as long as it is no longer than this. */
export function boundedStream(file: string, limit: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > limit) done(tooLarge(file, limit, 'more'));
      else done(null, chunk);
    },
  });
}

/** The whole of a stream. @param check is told of every chunk, and throws when there are too many bytes */
export async function collect(
  stream: AsyncIterable<Buffer>,
  check: (bytes: number, added: number) => void,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    check(bytes, chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Counts what one archive gives out. */
export class ArchiveMeter {
  readonly #archive: string;
  readonly #limits: ArchiveLimits;
  #entries = 0;
  #total = 0;

  constructor(archive: string, limits: ArchiveLimits) {
    this.#archive = archive;
    this.#limits = limits;
  }

  countEntry(name: string): void {
    refuseUnsafeName(this.#archive, name);
    if (++this.#entries > this.#limits.entries)
      throw invalidData('holds more entries than any dataset needs', {
        file: this.#archive,
        expected: `at most ${this.#limits.entries}`,
        found: 'more',
      });
  }

  /** Before unpacking, by what the entry announces: the cheapest moment to stop. */
  checkAnnounced(name: string, bytes: number): void {
    const { entryBytes, totalBytes } = this.#limits;
    if (bytes > entryBytes) throw tooLarge(`${this.#archive} › ${name}`, entryBytes, `${bytes} announced`);
    if (this.#total + bytes > totalBytes) throw tooLarge(this.#archive, totalBytes, 'more announced');
  }

  /** While unpacking: announcements may lie. */
  countBytes(name: string, entryBytes: number, added: number): void {
    this.#total += added;
    if (entryBytes > this.#limits.entryBytes) {
      throw tooLarge(`${this.#archive} › ${name}`, this.#limits.entryBytes, 'more');
    }
    if (this.#total > this.#limits.totalBytes) throw tooLarge(this.#archive, this.#limits.totalBytes, 'more');
  }
}
