import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createArtifactStore } from './create-artifact-store.ts';
import { artifactStoreContract } from './testing/artifact-store-contract.ts';
import { onSmallDisk } from './testing/small-disk.ts';

const about = { kind: 'checkpoint', contentType: 'application/octet-stream' };

artifactStoreContract('a folder', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'onegin-artifacts-'));
  return {
    store: await createArtifactStore({ directory }),
    overwrite: (key, content) => writeFile(join(directory, key), content),
    close: () => rm(directory, { recursive: true, force: true }),
  };
});

describe('a folder store', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'onegin-artifacts-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('makes its folder, and leaves no temporary file and no empty folder behind', async () => {
    const root = join(directory, 'not', 'yet', 'there');
    const store = await createArtifactStore({ directory: root });
    await store.put('a/b/c.bin', Buffer.from('x'), about);
    expect(await readdir(join(root, '.tmp'))).toEqual([]);
    expect(await store.removePrefix('a/')).toBe(1);
    expect(await readdir(root)).toEqual(['.tmp']);
  });

  it('clears what a killed process left half written, but nothing that may be in use', async () => {
    await mkdir(join(directory, '.tmp'));
    await writeFile(join(directory, '.tmp', 'old'), 'half');
    await utimes(join(directory, '.tmp', 'old'), 1, 1);
    await writeFile(join(directory, '.tmp', 'fresh'), 'half');
    const store = await createArtifactStore({ directory });
    expect(await readdir(join(directory, '.tmp'))).toEqual(['fresh']);
    for await (const { key } of store.list('')) expect(key).toBe('nothing is stored');
  });

  it('says storage-denied when its place is taken by a file', async () => {
    await writeFile(join(directory, 'taken'), '');
    await expect(createArtifactStore({ directory: join(directory, 'taken') })).rejects.toMatchObject({
      code: 'storage-denied',
      message: expect.stringContaining(join(directory, 'taken')),
    });
  });

  it('says storage-denied when an object stands where a folder is needed', async () => {
    const store = await createArtifactStore({ directory });
    await store.put('a', Buffer.from('x'), about);
    await expect(store.put('a/b', Buffer.from('x'), about)).rejects.toMatchObject({ code: 'storage-denied' });
  });
});

describe('a folder store on a file system of its own', () => {
  it('says storage-full when the disk is full, keeps what was there, and goes on when there is room', async () => {
    await onSmallDisk(1, async (directory) => {
      const store = await createArtifactStore({ directory });
      const small = await store.put('kept.bin', Buffer.alloc(50_000, 1), about);
      const large = Buffer.alloc(2_000_000, 2);
      await expect(store.put('kept.bin', large, about)).rejects.toMatchObject({
        code: 'storage-full',
        message: expect.stringContaining('kept.bin'),
      });
      expect(await store.get(small)).toEqual(Buffer.alloc(50_000, 1));
      expect(await readdir(join(directory, '.tmp'))).toEqual([]);
      await expect(store.put('next.bin', Buffer.alloc(50_000, 3), about)).resolves.toMatchObject({
        bytes: 50_000,
      });
    });
  });

  it('says storage-denied when the disk is read-only', async () => {
    await onSmallDisk(1, async (directory) => {
      const store = await createArtifactStore({ directory });
      execFileSync('mount', ['-o', 'remount,ro', directory]);
      await expect(store.put('a.bin', Buffer.from('x'), about)).rejects.toMatchObject({
        code: 'storage-denied',
      });
      await expect(createArtifactStore({ directory })).rejects.toMatchObject({ code: 'storage-denied' });
    });
  });
});
