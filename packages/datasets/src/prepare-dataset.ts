import { join } from 'node:path';
import { checkRawDataset } from './check-raw-dataset.ts';
import type { DatasetSource } from './dataset-source.ts';
import { writePreparedFile } from './prepared-file.ts';
import type { RawDataset } from './raw-dataset.ts';

/** Where a prepared dataset lies; the name tells which revision of which dataset it is. */
export const preparedPath = (cacheDir: string, { info, revision }: DatasetSource): string =>
  join(cacheDir, 'prepared', `${info.name.replace('/', '-')}.r${revision}.dataset`);

export const filesDirOf = (cacheDir: string, name: string): string => join(cacheDir, 'downloads', name);

/** From the publisher's files to the checked and cached form. */
export async function prepareDataset(
  source: DatasetSource,
  { cacheDir, signal }: { cacheDir: string; signal?: AbortSignal | undefined },
): Promise<RawDataset> {
  signal?.throwIfAborted();
  const raw = await source.prepare({ filesDir: filesDirOf(cacheDir, source.info.name), signal });
  checkRawDataset(source.info.name, raw);
  signal?.throwIfAborted();
  await writePreparedFile(preparedPath(cacheDir, source), raw);
  return raw;
}
