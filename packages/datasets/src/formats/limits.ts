/**
 * What an archive may cost before it is called hostile. The largest of the known datasets unpacks to 0.8 GiB in
 * 52,000 entries; a zip bomb announces or delivers far more.
 */
import { DatasetError } from '../dataset-error.ts';

export interface ArchiveLimits {
  entries: number;
  /** Bytes of one unpacked entry. */
  entryBytes: number;
  /** Bytes of all unpacked entries that were asked for. */
  totalBytes: number;
}

const MIB = 1024 * 1024;
export const DEFAULT_LIMITS: ArchiveLimits = {
  entries: 300_000,
  entryBytes: 512 * MIB,
  totalBytes: 3072 * MIB,
};

export const tooLarge = (file: string, limit: number, found: string): DatasetError =>
  new DatasetError('too-large', 'unpacks to more than any dataset needs', {
    file,
    expected: `at most ${limit} bytes`,
    found,
  });

/**
 * Entries are never written to disk under their own name; one that climbs out of its folder is still refused, since
 * nobody makes such an archive by accident.
 */
export function refuseUnsafeName(archive: string, name: string): void {
  const segments = name.split(/[/\\]/);
  const climbs = segments.includes('..') || name.startsWith('/') || /^[A-Za-z]:/.test(name);
  if (climbs || name.includes('\\') || name.includes('\0')) {
    throw new DatasetError('unsafe-path', 'holds an entry that points outside of its folder', {
      file: archive,
      expected: 'relative paths without ".." and "\\"',
      found: JSON.stringify(name),
    });
  }
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
    if (++this.#entries > this.#limits.entries) {
      throw new DatasetError('too-large', 'holds more entries than any dataset needs', {
        file: this.#archive,
        expected: `at most ${this.#limits.entries}`,
        found: 'more',
      });
    }
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
