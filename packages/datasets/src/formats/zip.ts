import { basename } from 'node:path';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { OneginError } from '@onegin/contracts';
import { invalidData } from '../dataset-error.ts';
import { ArchiveMeter, collect, DEFAULT_LIMITS } from './limits.ts';
import type { ArchiveEntry, ArchiveOptions } from './tar-gzip.ts';

const damaged = (archive: string, cause: unknown): OneginError =>
  invalidData('is damaged or not a zip file', { file: archive, expected: 'a complete zip archive', cause });

/**
 * The wanted files of a zip one after the other, in the archive's order, without unpacking it to disk.
 *
 * @throws OneginError `dataset-invalid` when it is cut short, damaged, too large or holds unsafe paths
 */
export async function* readZip(path: string, options: ArchiveOptions): AsyncGenerator<ArchiveEntry> {
  const { wanted, limits = DEFAULT_LIMITS, signal } = options;
  const archive = basename(path);
  const meter = new ArchiveMeter(archive, limits);
  // Names are checked here, not by yauzl, so that an unsafe one has its own error.
  const zip = await openZip(path, archive);
  try {
    const entries = zip.eachEntry();
    for (;;) {
      signal?.throwIfAborted();
      const next = await entries.next().catch((cause: unknown) => {
        throw damaged(archive, cause);
      });
      if (next.done) return;
      const entry = next.value;
      const name = entry.fileNameRaw.toString('utf8');
      meter.countEntry(name);
      if (name.endsWith('/') || !wanted(name)) continue;
      meter.checkAnnounced(name, entry.uncompressedSize);
      yield { name, bytes: await readEntry(zip, entry, name, archive, meter) };
    }
  } finally {
    zip.close();
  }
}

async function openZip(path: string, archive: string): Promise<ZipFile> {
  try {
    return await yauzl.openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false });
  } catch (cause) {
    if ((cause as { code?: unknown }).code === 'ENOENT') throw cause;
    throw damaged(archive, cause);
  }
}

async function readEntry(
  zip: ZipFile,
  entry: Entry,
  name: string,
  archive: string,
  meter: ArchiveMeter,
): Promise<Buffer> {
  try {
    const stream = await zip.openReadStreamPromise(entry);
    return await collect(stream, (bytes, added) => meter.countBytes(name, bytes, added));
  } catch (cause) {
    throw cause instanceof OneginError ? cause : damaged(`${archive} › ${name}`, cause);
  }
}
