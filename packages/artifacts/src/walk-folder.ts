import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Files below `folder` in the order in which S3 lists their keys: by bytes of the whole path. A folder or
 * file that vanishes during the walk is passed over.
 * @param enter whether a folder can hold anything that is looked for.
 */
export async function* filesUnder(
  folder: string,
  enter: (path: string) => boolean,
): AsyncGenerator<{ path: string; bytes: number }> {
  const entries = (await unlessGone(readdir(folder, { withFileTypes: true }))) ?? [];
  for (const { entry } of inKeyOrder(entries)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (enter(path)) yield* filesUnder(path, enter);
    } else if (entry.isFile()) {
      const info = await unlessGone(stat(path));
      if (info) yield { path, bytes: info.size };
    }
  }
}

/** A folder sorts as its name with the slash that follows: `a-b` comes before `a/b`. */
const inKeyOrder = (entries: Dirent[]): { entry: Dirent; sortKey: Buffer }[] =>
  entries
    .map((entry) => ({ entry, sortKey: Buffer.from(entry.isDirectory() ? `${entry.name}/` : entry.name) }))
    .sort((a, b) => Buffer.compare(a.sortKey, b.sortKey));

async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
