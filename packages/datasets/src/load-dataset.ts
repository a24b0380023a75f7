import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { TrainingData } from '@onegin/contracts';
import { findSource } from './catalog.ts';
import type { DatasetSource } from './dataset-source.ts';
import { obtainFiles } from './files/obtain-files.ts';
import type { DownloadProgress } from './files/download.ts';
import { filesDirOf, preparedPath, prepareDataset } from './prepare-dataset.ts';
import { readPreparedFile } from './prepared-file.ts';
import type { RawDataset } from './raw-dataset.ts';
import { toTrainingData } from './to-training-data.ts';

/**
 * Where trainers share what one of them has prepared: the artifact store, seen from here. `name` is that of the
 * prepared file. Both may fail; a dataset is then fetched and prepared on the spot.
 */
export interface PreparedStore {
  /** Writes the file to `path` and says whether there was one. */
  get(name: string, path: string): Promise<boolean>;
  put(name: string, path: string): Promise<void>;
}

export interface LoadOptions {
  /** Downloads and prepared files live below it. */
  cacheDir: string;
  /** The user's own datasets, one folder each; by default `own` in the cache folder. */
  ownDir?: string;
  signal?: AbortSignal | undefined;
  /** Decides which samples are for validation; the test part never depends on it. */
  seed?: number;
  /** Whether the publisher's files may be fetched when they are missing (default: yes). */
  download?: boolean;
  onProgress?: (progress: DownloadProgress) => void;
  store?: PreparedStore;
}

/**
 * A dataset ready for training; the second time it comes from the cache, which is checked and rebuilt when it is
 * damaged. Safe to call from several processes at once.
 *
 * @throws OneginError when the name is unknown or the files are out of reach, damaged or invalid; the signal's reason
 *   when it is aborted
 */
export async function loadDataset(name: string, options: LoadOptions): Promise<TrainingData> {
  options.signal?.throwIfAborted();
  const source = await findSource(name, options);
  const raw = (await fromCache(source, options)) ?? (await fromPublisher(source, options));
  options.signal?.throwIfAborted();
  return toTrainingData(raw, options.seed ?? 0);
}

async function fromCache(
  source: DatasetSource,
  { cacheDir, store }: LoadOptions,
): Promise<RawDataset | undefined> {
  const path = preparedPath(cacheDir, source);
  const shared = store && !existsSync(path) && !source.info.bundled;
  if (shared) await store.get(sharedName(path), path).catch(() => false);
  if (!existsSync(path)) return undefined;
  try {
    return await readPreparedFile(path);
  } catch {
    // Damaged (a disk error, a foreign file): it can be rebuilt from the publisher's files.
    await rm(path, { force: true });
    return undefined;
  }
}

async function fromPublisher(source: DatasetSource, options: LoadOptions): Promise<RawDataset> {
  const { cacheDir, signal, onProgress, store } = options;
  const filesDir = filesDirOf(cacheDir, source.info.name);
  await obtainFiles(source, { filesDir, download: options.download ?? true, signal, onProgress });
  const raw = await prepareDataset(source, options);
  const path = preparedPath(cacheDir, source);
  if (store && !source.info.bundled) await store.put(sharedName(path), path).catch(() => undefined);
  return raw;
}

const sharedName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
