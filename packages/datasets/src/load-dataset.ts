import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainingData } from '@onegin/contracts';
import { findSource } from './catalog.ts';
import { checkRawDataset } from './check-raw-dataset.ts';
import type { DatasetSource } from './dataset-source.ts';
import { readPreparedFile, writePreparedFile } from './prepared-file.ts';
import type { RawDataset } from './raw-dataset.ts';
import { toTrainingData } from './to-training-data.ts';

export interface LoadOptions {
  /** Downloads and prepared files live below it. */
  cacheDir: string;
  signal?: AbortSignal | undefined;
  /** Decides which samples are for validation; the test part never depends on it. */
  seed?: number;
}

/** Where a prepared dataset lies; the name tells which revision of which dataset it is. */
export const preparedPath = (cacheDir: string, source: DatasetSource): string =>
  join(cacheDir, 'prepared', `${source.info.name.replace('/', '-')}.r${source.revision}.dataset`);

export const filesDirOf = (cacheDir: string, name: string): string => join(cacheDir, 'downloads', name);

/**
 * A dataset ready for training; the second time it comes from the cache, which is checked and made anew when it is
 * damaged. Safe to call from several processes at once.
 *
 * @throws DatasetError when the name is unknown or the files are out of reach, damaged or unfit; the signal's reason
 *   when it is aborted
 */
export async function loadDataset(name: string, options: LoadOptions): Promise<TrainingData> {
  const source = findSource(name);
  const raw = await loadRaw(source, options);
  options.signal?.throwIfAborted();
  return toTrainingData(raw, options.seed ?? 0);
}

async function loadRaw(source: DatasetSource, { cacheDir, signal }: LoadOptions): Promise<RawDataset> {
  const path = preparedPath(cacheDir, source);
  if (existsSync(path)) {
    try {
      return await readPreparedFile(path);
    } catch {
      // Damaged (a disk error, a foreign file): the publisher's files are still there, so it is made anew.
      await rm(path, { force: true });
    }
  }
  signal?.throwIfAborted();
  const raw = await source.prepare({ filesDir: filesDirOf(cacheDir, source.info.name), signal });
  checkRawDataset(source.info.name, raw);
  signal?.throwIfAborted();
  await writePreparedFile(path, raw);
  return raw;
}
