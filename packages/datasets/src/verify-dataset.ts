import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, type DatasetDownload } from '@onegin/contracts';
import { findSource } from './catalog.ts';
import { hashFile, knownChecksum } from './files/checksum.ts';
import { filesDirOf, preparedPath } from './prepare-dataset.ts';
import { readPreparedFile } from './prepared-file.ts';

export interface VerifiedFile {
  file: string;
  state: 'ok' | 'missing' | 'damaged' | 'unknown';
  /** Who stated the checksum; absent when nobody did ('unknown'). */
  from?: 'publisher' | 'first fetch';
  expected?: string;
  found?: string;
}

export interface VerifiedDataset {
  name: string;
  files: VerifiedFile[];
  prepared: { state: 'ok' | 'missing' | 'damaged'; path: string; reason?: string };
  /** Whether training could start with what is here. */
  ready: boolean;
}

/** Checks the files of a dataset against their checksums, and its prepared form. Changes nothing. */
export async function verifyDataset(
  name: string,
  options: { cacheDir: string; ownDir?: string; signal?: AbortSignal },
): Promise<VerifiedDataset> {
  const source = await findSource(name, options);
  const filesDir = filesDirOf(options.cacheDir, name);
  const sets = [source.info.downloads, ...(source.alternatives ?? [])];
  const set = sets.find((files) => files.every(({ file }) => existsSync(join(filesDir, file)))) ?? sets[0]!;
  const files = await Promise.all(
    set.map((file) => verifyFile(file, join(filesDir, file.file), options.signal)),
  );
  const prepared = await verifyPrepared(preparedPath(options.cacheDir, source));
  const filesOk = files.every(({ state }) => state === 'ok' || state === 'unknown');
  return {
    name,
    files,
    prepared,
    ready: prepared.state === 'ok' || (filesOk && prepared.state === 'missing'),
  };
}

async function verifyFile(
  download: DatasetDownload,
  path: string,
  signal?: AbortSignal,
): Promise<VerifiedFile> {
  const { file } = download;
  if (!existsSync(path)) return { file, state: 'missing' };
  const known = await knownChecksum(download, path);
  if (!known) return { file, state: 'unknown' };
  const found = await hashFile(path, known.algorithm, signal);
  const state = found === known.value ? 'ok' : 'damaged';
  return { file, state, from: known.from, expected: known.value, found };
}

async function verifyPrepared(path: string): Promise<VerifiedDataset['prepared']> {
  if (!existsSync(path)) return { state: 'missing', path };
  try {
    await readPreparedFile(path);
    return { state: 'ok', path };
  } catch (error) {
    return { state: 'damaged', path, reason: messageOf(error) };
  }
}
