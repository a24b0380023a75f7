/**
 * Artifacts in a folder, for one machine. A write goes to a temporary file, to the disk (fsync), then to its
 * name (rename), so that a crash at any point leaves the old object or the new one.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir, stat, unlink, type FileHandle } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { OneginError, type ArtifactRef } from '@onegin/contracts';
import { checkKey, checkPrefix, checkRemovalPrefix, TEMPORARY_FOLDER } from './artifact-key.ts';
import type { ArtifactAbout, ArtifactStore } from './artifact-store.ts';
import { missing, refOf, verifiedStream, verify, verifyBytes } from './integrity.ts';
import { filesUnder } from './walk-folder.ts';

export interface FolderStoreConfig {
  directory: string;
}

/** A temporary file this old belongs to a process that died while writing. */
const ABANDONED_AFTER_MS = 6 * 3_600_000;

export class FolderStore implements ArtifactStore {
  readonly #root: string;
  /** Unfinished writes; on the same file system as what they become. */
  readonly #temporary: string;

  constructor({ directory }: FolderStoreConfig) {
    this.#root = resolve(directory);
    this.#temporary = join(this.#root, TEMPORARY_FOLDER);
  }

  async put(key: string, body: Uint8Array, about: ArtifactAbout): Promise<ArtifactRef> {
    const path = this.#pathOf(key);
    const unfinished = join(this.#temporary, `${process.pid}-${randomUUID()}`);
    try {
      await writeDurably(unfinished, body);
      await moveTo(unfinished, path);
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw storeError(error, this.#root, key);
    }
    return refOf(key, body, about);
  }

  async get(ref: ArtifactRef): Promise<Buffer> {
    return this.#withFile(ref.key, async (file, bytes) => {
      // A file of the wrong size is not read: it may be far larger than what the reader expects.
      if (bytes !== ref.bytes) verify(ref, { bytes, sha256: '' });
      return verifyBytes(ref, await readAndClose(file));
    });
  }

  async open(ref: ArtifactRef): Promise<Readable> {
    return this.#withFile(ref.key, async (file) =>
      verifiedStream(file.createReadStream(), ref, (error) => storeError(error, this.#root, ref.key)),
    );
  }

  async read(key: string): Promise<Buffer> {
    return this.#withFile(key, readAndClose);
  }

  async *list(prefix: string): AsyncGenerator<{ key: string; bytes: number }> {
    checkPrefix(prefix);
    const start = join(this.#root, ...prefix.split('/').slice(0, -1));
    const keyOf = (path: string): string => relative(this.#root, path).split(sep).join('/');
    const canHold = (folder: string): boolean => folder !== this.#temporary && mayHold(keyOf(folder), prefix);
    try {
      for await (const { path, bytes } of filesUnder(start, canHold))
        if (keyOf(path).startsWith(prefix)) yield { key: keyOf(path), bytes };
    } catch (error) {
      throw storeError(error, this.#root);
    }
  }

  async removePrefix(prefix: string): Promise<number> {
    let removed = 0;
    for await (const { key } of this.list(checkRemovalPrefix(prefix))) {
      const path = this.#pathOf(key);
      await rm(path, { force: true }).catch((error: unknown) => {
        throw storeError(error, this.#root, key);
      });
      await removeEmptyFolders(dirname(path), this.#root);
      removed += 1;
    }
    return removed;
  }

  async probe(): Promise<void> {
    try {
      const path = join(this.#temporary, `probe-${process.pid}-${randomUUID()}`);
      await writeDurably(path, Buffer.from('probe'));
      await unlink(path);
      await removeAbandoned(this.#temporary);
    } catch (error) {
      throw storeError(error, this.#root);
    }
  }

  #pathOf(key: string): string {
    return join(this.#root, ...checkKey(key).split('/'));
  }

  /** Work on an open file does not see that it is replaced meanwhile. The work closes it when it succeeds. */
  async #withFile<T>(key: string, work: (file: FileHandle, bytes: number) => Promise<T>): Promise<T> {
    let file: FileHandle | undefined;
    try {
      file = await open(this.#pathOf(key));
      const info = await file.stat();
      if (!info.isFile()) throw missing(key, `the artifact folder ${this.#root}`);
      return await work(file, info.size);
    } catch (error) {
      await file?.close();
      if (ABSENT.has(codeOf(error) ?? '')) throw missing(key, `the artifact folder ${this.#root}`);
      throw storeError(error, this.#root, key);
    }
  }
}

async function readAndClose(file: FileHandle): Promise<Buffer> {
  const content = await file.readFile();
  await file.close();
  return content;
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
