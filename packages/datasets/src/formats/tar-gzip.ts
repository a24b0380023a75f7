import { basename } from 'node:path';
import tar from 'tar-stream';
import { OneginError } from '@onegin/contracts';
import { invalidData } from '../dataset-error.ts';
import { explainGzipError, openGunzip } from './gzip.ts';
import { ArchiveMeter, boundedStream, collect, DEFAULT_LIMITS, type ArchiveLimits } from './limits.ts';

export interface ArchiveEntry {
  name: string;
  bytes: Buffer;
}

export interface ArchiveOptions {
  /** Entries that are given out; the others are skipped unread. */
  wanted: (name: string) => boolean;
  limits?: ArchiveLimits;
  signal?: AbortSignal | undefined;
}

/**
 * The wanted files of a .tar.gz one after the other, in the archive's order, without unpacking it to disk. Links and
 * devices are never followed.
 *
 * @throws OneginError `dataset-invalid` when it is cut short, damaged, too large or holds unsafe paths
 */
export async function* readTarGzip(path: string, options: ArchiveOptions): AsyncGenerator<ArchiveEntry> {
  const { wanted, limits = DEFAULT_LIMITS, signal } = options;
  const archive = basename(path);
  const meter = new ArchiveMeter(archive, limits);
  const unpacked = openGunzip(path, signal);
  const extract = tar.extract();
  // tar-stream's own errors (a header that is none) and those of gzip both reach the loop below.
  let failure: unknown;
  const bounded = boundedStream(archive, limits.streamBytes);
  for (const stream of [unpacked, bounded])
    stream.on('error', (error) => {
      failure ??= error;
      extract.destroy(error);
    });
  unpacked.pipe(bounded).pipe(extract);
  try {
    for await (const entry of extract) {
      const { name, size = 0, type } = entry.header;
      meter.countEntry(name);
      if (type !== 'file' || !wanted(name)) {
        entry.resume();
        continue;
      }
      meter.checkAnnounced(name, size);
      yield {
        name,
        bytes: await collect(entry as AsyncIterable<Buffer>, (bytes, added) =>
          meter.countBytes(name, bytes, added),
        ),
      };
    }
  } catch (error) {
    throw explainTarError(archive, failure ?? error);
  } finally {
    unpacked.destroy();
  }
}

function explainTarError(archive: string, error: unknown): unknown {
  const explained = explainGzipError(archive, error);
  if (explained instanceof OneginError || explained !== error || isAbort(error)) return explained;
  if ((error as { code?: unknown }).code === 'ENOENT') return error;
  return invalidData('is damaged or not a tar archive', {
    file: archive,
    expected: 'tar entries',
    cause: error,
  });
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';
