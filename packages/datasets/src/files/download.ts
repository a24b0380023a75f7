import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DatasetDownload } from '@onegin/contracts';
import { datasetError } from '../dataset-error.ts';
import { checkOrRecord } from './checksum.ts';

/** Of a file whose size nobody states. */
const LARGEST_DOWNLOAD = 4 * 1024 ** 3;
const ANSWER_LIMIT_MS = 30_000;

export interface DownloadProgress {
  file: string;
  bytes: number;
  totalBytes?: number;
}

export interface DownloadOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/**
 * Fetches one file to `path`, trying its addresses in turn. It appears there whole and checked, or not at all.
 * @throws OneginError `dataset-unavailable` with what each address answered
 */
export async function downloadFile(
  download: DatasetDownload,
  path: string,
  options: DownloadOptions = {},
): Promise<void> {
  const problems: string[] = [];
  for (const url of download.urls) {
    options.signal?.throwIfAborted();
    const fresh = `${path}.${randomUUID()}.part`;
    try {
      await mkdir(dirname(path), { recursive: true });
      await fetchTo(url, fresh, download, options);
      await checkOrRecord(download, fresh, { finalPath: path, signal: options.signal });
      await rename(fresh, path);
      return;
    } catch (error) {
      await rm(fresh, { force: true });
      options.signal?.throwIfAborted();
      problems.push(`${url}: ${reasonOf(error)}`);
    }
  }
  throw datasetError('dataset-unavailable', 'could not be fetched', {
    file: download.file,
    expected: 'a download, or the file in a folder given with --from',
    found: problems.join('; '),
  });
}

/** fetch() hides the reason ("connect ECONNREFUSED …") one level down. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

async function fetchTo(
  url: string,
  path: string,
  download: DatasetDownload,
  { signal, onProgress }: DownloadOptions,
): Promise<void> {
  const answered = new AbortController();
  const timer = setTimeout(() => answered.abort(new Error('no answer in time')), ANSWER_LIMIT_MS);
  const response = await fetch(url, {
    signal: signal ? AbortSignal.any([signal, answered.signal]) : answered.signal,
  }).finally(() => clearTimeout(timer));
  if (!response.ok || !response.body) throw new Error(`status ${response.status}`);

  const limit = download.bytes ?? LARGEST_DOWNLOAD;
  const announced = Number(response.headers.get('content-length')) || undefined;
  let bytes = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      const totalBytes = download.bytes ?? announced;
      onProgress?.({ file: download.file, bytes, ...(totalBytes && { totalBytes }) });
      done(bytes > limit ? new Error(`more than ${limit} bytes`) : null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body), counting, createWriteStream(path), { signal });
}
