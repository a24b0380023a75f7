import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createArtifactStore } from './create-artifact-store.ts';
import { observedStore, type ObservedOperation } from './observed-store.ts';
import { artifactStoreContract } from './testing/artifact-store-contract.ts';

artifactStoreContract('an observed folder', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'onegin-artifacts-'));
  return {
    store: observedStore(await createArtifactStore({ directory }), () => undefined),
    overwrite: (key, content) => writeFile(join(directory, key), content),
    close: () => rm(directory, { recursive: true, force: true }),
  };
});

describe('an observed store', () => {
  const about = { kind: 'weights', contentType: 'application/octet-stream' };
  let directory: string;
  let told: ObservedOperation[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'onegin-artifacts-'));
    told = [];
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const open = async () =>
    observedStore(await createArtifactStore({ directory }), (operation) => told.push(operation));
  const summary = () => told.map(({ operation, bytes, failed }) => [operation, bytes, failed]);

  it('tells every operation with the bytes that it moved', async () => {
    const store = await open();
    const ref = await store.put('a/b', Buffer.from('12345'), about);
    await store.get(ref);
    await buffer(await store.open(ref));
    for await (const item of store.list('a/')) expect(item.key).toBe('a/b');
    await store.removePrefix('a/');
    await store.probe();
    expect(summary()).toEqual([
      ['put', 5, false],
      ['get', 5, false],
      ['open', 5, false],
      ['list', 0, false],
      ['remove', 0, false],
      ['probe', 0, false],
    ]);
    expect(told.every(({ seconds }) => seconds >= 0)).toBe(true);
  });

  it('tells failures, before the first byte and in the middle of a stream', async () => {
    const store = await open();
    const ref = await store.put('a', Buffer.from('12345'), about);
    await writeFile(join(directory, 'a'), '12346');
    await expect(store.get(ref)).rejects.toMatchObject({ code: 'artifact-corrupt' });
    await expect(buffer(await store.open(ref))).rejects.toMatchObject({ code: 'artifact-corrupt' });
    await expect(store.get({ ...ref, key: 'absent' })).rejects.toMatchObject({ code: 'artifact-missing' });
    await expect(store.open({ ...ref, key: 'absent' })).rejects.toMatchObject({ code: 'artifact-missing' });
    expect(summary().slice(1)).toEqual([
      ['get', 0, true],
      ['open', 0, true],
      ['get', 0, true],
      ['open', 0, true],
    ]);
  });
});
