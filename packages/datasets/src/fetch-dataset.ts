import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findSource } from './catalog.ts';
import type { DownloadProgress } from './files/download.ts';
import { obtainFiles } from './files/obtain-files.ts';
import { filesDirOf, preparedPath, prepareDataset } from './prepare-dataset.ts';

export interface FetchOptions {
  cacheDir: string;
  ownDir?: string;
  /** A folder that holds the publisher's files already; nothing is downloaded that is found there. */
  from?: string;
  signal?: AbortSignal;
  onProgress?: (progress: DownloadProgress) => void;
}

export interface FetchedDataset {
  name: string;
  files: { file: string; bytes: number; checksum: 'publisher' | 'recorded' }[];
  /** The compact form that training reads. */
  preparedPath: string;
}

/**
 * Gets the publisher's files (by download, or from a folder), checks them and prepares the dataset for training.
 * @throws OneginError naming the file, what was expected and what was found; nothing half-written stays behind
 */
export async function fetchDataset(name: string, options: FetchOptions): Promise<FetchedDataset> {
  const { cacheDir, from, signal, onProgress } = options;
  const source = await findSource(name, options);
  const filesDir = filesDirOf(cacheDir, name);
  const wanted = await obtainFiles(source, { filesDir, from, download: true, signal, onProgress });
  // Files that were given are prepared again, whatever the cache holds.
  const path = preparedPath(cacheDir, source);
  if (from || !existsSync(path)) await prepareDataset(source, { cacheDir, signal });
  const files = await Promise.all(
    wanted.map(async ({ file, checksum }) => ({
      file,
      bytes: (await stat(join(filesDir, file))).size,
      checksum: checksum ? ('publisher' as const) : ('recorded' as const),
    })),
  );
  return { name, files, preparedPath: path };
}
