import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { OneginError, type DatasetDownload } from '@onegin/contracts';
import { datasetError, notWritable } from '../dataset-error.ts';
import type { DatasetSource } from '../dataset-source.ts';
import { checkOrRecord } from './checksum.ts';
import { downloadFile, type DownloadOptions } from './download.ts';

export interface ObtainOptions extends DownloadOptions {
  filesDir: string;
  /** A folder that already holds the publisher's files, under their own names. */
  from?: string | undefined;
  /** Whether what is missing may be fetched. */
  download: boolean;
}

const allIn = (folder: string, files: readonly DatasetDownload[]): boolean =>
  files.every(({ file }) => existsSync(join(folder, file)));

/** The set of files to work with: one that is complete here, one that is complete in `from`, or the first. */
function chooseSet(source: DatasetSource, { filesDir, from }: ObtainOptions): DatasetDownload[] {
  const sets = [source.info.downloads, ...(source.alternatives ?? [])];
  const complete = (folder: string): DatasetDownload[] | undefined =>
    sets.find((files) => allIn(folder, files));
  return (from && complete(from)) || complete(filesDir) || sets[0]!;
}

/**
 * Puts the publisher's files into `filesDir` and checks each of them: copied from `from`, kept when they are there,
 * fetched when that is allowed. When the first set can't be fetched, the alternatives are tried.
 *
 * @throws OneginError `dataset-unavailable`, or `dataset-invalid` where a checksum is another
 */
export async function obtainFiles(source: DatasetSource, options: ObtainOptions): Promise<DatasetDownload[]> {
  const chosen = chooseSet(source, options);
  try {
    await obtainSet(chosen, options);
    return chosen;
  } catch (error) {
    const others = (source.alternatives ?? []).filter((set) => set !== chosen);
    const canTry = error instanceof OneginError && error.code === 'dataset-unavailable';
    for (const set of canTry ? others : []) {
      try {
        await obtainSet(set, options);
        return set;
      } catch (otherError) {
        if (!(otherError instanceof OneginError)) throw otherError;
      }
    }
    throw error;
  }
}

async function obtainSet(files: readonly DatasetDownload[], options: ObtainOptions): Promise<void> {
  const { filesDir, from, download, signal } = options;
  if (files.length === 0) return;
  await mkdir(filesDir, { recursive: true }).catch((cause: unknown) => {
    throw notWritable(filesDir, cause);
  });
  for (const file of files) {
    signal?.throwIfAborted();
    const path = join(filesDir, file.file);
    const given = from && join(from, file.file);
    if (given && existsSync(given)) await copyWhole(given, path);
    if (existsSync(path)) await checkOrRecord(file, path, { signal });
    else if (download) await downloadFile(file, path, options);
    else {
      throw datasetError('dataset-unavailable', 'is not there, and downloads are off', {
        file: file.file,
        expected: `in ${from ?? filesDir}`,
        found: 'no such file',
      });
    }
  }
}

/** A copy that is cut off must not pass for the file. */
async function copyWhole(from: string, to: string): Promise<void> {
  const fresh = `${to}.${process.pid}.part`;
  await copyFile(from, fresh, constants.COPYFILE_FICLONE);
  await rename(fresh, to);
}
