/** The folder where one machine's Onegin keeps everything; only one Onegin at a time uses it. */
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OneginError } from '@onegin/contracts';
import { processLives } from './process-group.ts';

export interface DataFolder {
  readonly root: string;
  readonly redis: string;
  readonly artifacts: string;
  readonly datasets: string;
  readonly lockFile: string;
}

interface Lock {
  supervisor: number;
  watchdog?: number | undefined;
}

/** How long the watchdog of a killed supervisor may take to stop its programs. */
const WATCHDOG_LIMIT_MS = 60_000;

/**
 * Makes the folder and takes it for this process.
 * @throws OneginError `storage-denied`, `storage-full`, or `config-invalid` when another Onegin uses it
 */
export async function takeDataFolder(directory: string): Promise<DataFolder> {
  const root = resolve(directory);
  const folder: DataFolder = {
    root,
    redis: join(root, 'redis'),
    artifacts: join(root, 'artifacts'),
    datasets: join(root, 'datasets'),
    lockFile: join(root, 'onegin.lock'),
  };
  try {
    for (const path of [folder.redis, folder.artifacts, folder.datasets])
      await mkdir(path, { recursive: true });
    await takeLock(folder.lockFile, root);
  } catch (error) {
    throw folderError(error, root);
  }
  return folder;
}

/** The lock then holds until the watchdog, too, is done. */
export async function shareLock({ lockFile }: DataFolder, watchdog: number | undefined): Promise<void> {
  await writeFile(lockFile, JSON.stringify({ supervisor: process.pid, watchdog } satisfies Lock));
}

async function takeLock(lockFile: string, root: string): Promise<void> {
  const deadline = Date.now() + WATCHDOG_LIMIT_MS;
  while (true) {
    try {
      const file = await open(lockFile, 'wx');
      await file.writeFile(JSON.stringify({ supervisor: process.pid } satisfies Lock));
      await file.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = await readLock(lockFile);
    if (holder && processLives(holder.supervisor))
      throw new OneginError(
        'config-invalid',
        `another Onegin (process ${holder.supervisor}) uses the data folder ${root}: stop it, or choose another folder with --data (if that process is no Onegin, remove ${lockFile})`,
      );
    // A killed one's programs are being stopped; they still write there.
    if (holder?.watchdog && processLives(holder.watchdog) && Date.now() < deadline) await sleep(100);
    else await rm(lockFile, { force: true });
  }
}

async function readLock(lockFile: string): Promise<Lock | undefined> {
  try {
    return JSON.parse(await readFile(lockFile, 'utf8')) as Lock;
  } catch {
    // Just removed, or cut off while it was written.
    return undefined;
  }
}

function folderError(error: unknown, root: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof OneginError || code === undefined) return error;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return new OneginError(
    isFull ? 'storage-full' : 'storage-denied',
    `the data folder ${root} cannot be written to (${message}): ${isFull ? 'make room, or ' : ''}choose another folder with --data`,
    { cause: error },
  );
}
