/**
 * Artifacts in a folder, for one machine. A write goes to a temporary file, to the disk (fsync), then to its
 * name (rename), so that a crash at any point leaves the old object or the new one.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir, stat, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { OneginError } from '@onegin/contracts';
import { checkKey, checkPrefix, checkRemovalPrefix, TEMPORARY_FOLDER } from './artifact-key.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { missing, refOf, verifiedStream, verify, verifyBytes } from './integrity.ts';
import { filesUnder } from './walk-folder.ts';

export interface FolderStoreConfig {
  directory: string;
}

/** A temporary file this old belongs to a process that died while writing. */
const ABANDONED_AFTER_MS = 6 * 3_600_000;

export function createFolderStore({ directory }: FolderStoreConfig): ArtifactStore {
  const root = resolve(directory);
  const temporary = join(root, TEMPORARY_FOLDER);
  const pathOf = (key: string): string => join(root, ...checkKey(key).split('/'));
  const keyOf = (path: string): string => relative(root, path).split(sep).join('/');

  /** Runs work on the disk; its errors come out in the words of the store. */
  async function attempt<T>(work: () => Promise<T>, key?: string): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storeError(error, root, key);
    }
  }

  /** Reads with an open file, so that a replacement meanwhile does not mix two objects. */
  async function withFile<T>(key: string, work: (file: FileHandle, bytes: number) => Promise<T>): Promise<T> {
    try {
      const file = await open(pathOf(key));
      try {
        const info = await file.stat();
        if (!info.isFile()) throw missing(key, `the artifact folder ${root}`);
        return await work(file, info.size);
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      if (ABSENT.has(codeOf(error) ?? '')) throw missing(key, `the artifact folder ${root}`);
      throw storeError(error, root, key);
    }
  }

  async function readAll(file: FileHandle): Promise<Buffer> {
    const content = await file.readFile();
    await file.close();
    return content;
  }

  async function put(path: string, body: Uint8Array): Promise<void> {
    const unfinished = join(temporary, `${process.pid}-${randomUUID()}`);
    try {
      await writeDurably(unfinished, body);
      await moveTo(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  async function* list(prefix: string): AsyncGenerator<{ key: string; bytes: number }> {
    checkPrefix(prefix);
    const start = join(root, ...prefix.split('/').slice(0, -1));
    const excluded = new Set([temporary]);
    try {
      for await (const file of filesUnder(start, excluded, (path) => mayHold(keyOf(path), prefix)))
        if (keyOf(file.path).startsWith(prefix)) yield { key: keyOf(file.path), bytes: file.bytes };
    } catch (error) {
      throw storeError(error, root);
    }
  }

  async function removePrefix(prefix: string): Promise<number> {
    let removed = 0;
    for await (const { key } of list(checkRemovalPrefix(prefix))) {
      await attempt(() => rm(pathOf(key), { force: true }));
      await removeEmptyFolders(dirname(pathOf(key)), root);
      removed += 1;
    }
    return removed;
  }

  return {
    async put(key, body, about) {
      const path = pathOf(key);
      await attempt(() => put(path, body), key);
      return refOf(key, body, about);
    },
    get: (ref) =>
      withFile(ref.key, async (file, bytes) => {
        // A file of the wrong size is not read: it may be far larger than what the reader expects.
        if (bytes !== ref.bytes) verify(ref, { bytes, sha256: '' });
        return verifyBytes(ref, await readAll(file));
      }),
    open: (ref) =>
      withFile(ref.key, async (file) =>
        verifiedStream(file.createReadStream(), ref, (error) => storeError(error, root, ref.key)),
      ),
    read: (key) => withFile(key, readAll),
    list,
    removePrefix,
    probe: () =>
      attempt(async () => {
        await mkdir(temporary, { recursive: true });
        const path = join(temporary, `probe-${process.pid}-${randomUUID()}`);
        await writeDurably(path, Buffer.from('probe'));
        await unlink(path);
        await removeAbandoned(temporary);
      }),
  };
}

async function writeDurably(path: string, body: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'wx');
  try {
    await file.writeFile(body);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function moveTo(from: string, to: string): Promise<void> {
  for (let triesLeft = 3; ; triesLeft -= 1) {
    await mkdir(dirname(to), { recursive: true });
    try {
      await rename(from, to);
      break;
    } catch (error) {
      // A removal beside us may take the folder away between the two calls.
      if (codeOf(error) !== 'ENOENT' || triesLeft <= 1) throw error;
    }
  }
  // The name itself is on the disk only once its folder is.
  const folder = await open(dirname(to));
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function removeAbandoned(temporary: string): Promise<void> {
  for (const name of await readdir(temporary)) {
    const path = join(temporary, name);
    const info = await stat(path).catch(() => undefined);
    if (info && Date.now() - info.mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true });
  }
}

async function removeEmptyFolders(folder: string, root: string): Promise<void> {
  for (let path = folder; path !== root; path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      // Not empty, or somebody else was faster: nothing to do.
      return;
    }
  }
}

/** Whether keys under the folder `key` can begin with the prefix. */
const mayHold = (key: string, prefix: string): boolean =>
  `${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`);

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** A key whose path leads through a file, or to a folder, is a key that nothing was stored under. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'EISDIR']);

const REASONS: Record<string, { code: 'storage-full' | 'storage-denied'; why: string }> = {
  ENOSPC: { code: 'storage-full', why: 'the disk is full' },
  EDQUOT: { code: 'storage-full', why: 'the disk quota is used up' },
  EACCES: { code: 'storage-denied', why: 'this user may not use it' },
  EPERM: { code: 'storage-denied', why: 'this user may not use it' },
  EROFS: { code: 'storage-denied', why: 'its file system is read-only' },
  ENOTDIR: { code: 'storage-denied', why: 'a file stands where a folder is needed' },
  EEXIST: { code: 'storage-denied', why: 'a file stands where a folder is needed' },
  EISDIR: { code: 'storage-denied', why: 'a folder stands where the file is needed' },
};

function storeError(error: unknown, root: string, key?: string): unknown {
  if (error instanceof OneginError) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  const known = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  const what =
    key === undefined ? `the artifact folder ${root}` : `the artifact ${key} in the folder ${root}`;
  return new OneginError(
    known?.code ?? 'storage-unavailable',
    `cannot use ${what}: ${known?.why ?? (error as Error).message} (${code})`,
    { cause: error },
  );
}
