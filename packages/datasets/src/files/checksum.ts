/**
 * Checksums of downloaded files. A publisher's is in the catalogue; where there is none, that of the first fetch is
 * written beside the file (`NAME.sha256`) and the file is held to it from then on. That guards against later damage
 * and change, not against a first fetch that was wrong already; the answer of `verify` says which of the two it was.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { Checksum, DatasetDownload } from '@onegin/contracts';
import { invalidData } from '../dataset-error.ts';

const recordPath = (path: string): string => `${path}.sha256`;

export async function hashFile(
  path: string,
  algorithm: Checksum['algorithm'],
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

export interface KnownChecksum extends Checksum {
  from: 'publisher' | 'first fetch';
}

export async function knownChecksum(
  download: DatasetDownload,
  path: string,
): Promise<KnownChecksum | undefined> {
  if (download.checksum) return { ...download.checksum, from: 'publisher' };
  if (!existsSync(recordPath(path))) return undefined;
  const value = (await readFile(recordPath(path), 'utf8')).trim();
  return { algorithm: 'sha256', value, from: 'first fetch' };
}

export interface CheckOptions {
  /** Where the file will lie, when it is still elsewhere; the record belongs there. */
  finalPath?: string;
  signal?: AbortSignal | undefined;
}

/**
 * Compares a file with what is known of it, and records its checksum when nothing is.
 * @throws OneginError `dataset-invalid` where the checksum is another
 */
export async function checkOrRecord(
  download: DatasetDownload,
  path: string,
  { finalPath = path, signal }: CheckOptions = {},
): Promise<void> {
  const known = await knownChecksum(download, finalPath);
  const found = await hashFile(path, known?.algorithm ?? 'sha256', signal);
  if (!known) return writeFile(recordPath(finalPath), `${found}\n`);
  if (found === known.value) return;
  throw invalidData(`is not the file that the ${known.from} gave`, {
    file: download.file,
    expected: `${known.algorithm} ${known.value}`,
    found,
  });
}
