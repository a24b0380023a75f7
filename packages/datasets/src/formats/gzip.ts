import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { invalidData } from '../dataset-error.ts';
import { collect, DEFAULT_LIMITS, tooLarge } from './limits.ts';

const ZLIB_TRUNCATED = 'Z_BUF_ERROR';

/** Says what a failed decompression means; anything that is known already passes as it is. */
export function explainGzipError(file: string, cause: unknown): unknown {
  const code = (cause as { code?: unknown } | undefined)?.code;
  if (code === ZLIB_TRUNCATED) {
    return invalidData('ends in the middle of its compressed data', {
      file,
      expected: 'a complete gzip file',
      found: 'an early end',
      cause,
    });
  }
  if (typeof code === 'string' && code.startsWith('Z_')) {
    return invalidData('is damaged or not a gzip file', { file, expected: 'gzip data', cause });
  }
  return cause;
}

/** The unpacked bytes as a stream; errors of the file reach the reader of the stream. */
export function openGunzip(path: string, signal?: AbortSignal): Readable {
  const packed = createReadStream(path, { signal });
  const unpacked = createGunzip();
  packed.on('error', (error) => unpacked.destroy(error));
  unpacked.on('close', () => packed.destroy());
  return packed.pipe(unpacked);
}

/** @throws OneginError `dataset-invalid` when it is cut short, damaged or, unpacked, longer than `maxBytes` */
export async function readGzip(
  path: string,
  {
    maxBytes = DEFAULT_LIMITS.entryBytes,
    signal,
  }: { maxBytes?: number; signal?: AbortSignal | undefined } = {},
): Promise<Buffer> {
  const file = basename(path);
  try {
    return await collect(openGunzip(path, signal), (bytes) => {
      if (bytes > maxBytes) throw tooLarge(file, maxBytes, 'more');
    });
  } catch (error) {
    throw explainGzipError(file, error);
  }
}
