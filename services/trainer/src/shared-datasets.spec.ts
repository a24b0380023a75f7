import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createArtifactStore, type ArtifactStore } from '@onegin/artifacts';
import { preparedDatasetKey } from '@onegin/contracts';
import { loadDataset } from '@onegin/datasets';
import { sharedDatasets } from './shared-datasets.ts';

const NAME = 'own/notes';
const quiet = { info: () => undefined, warn: () => undefined };

describe('prepared datasets in the artifact store', () => {
  let root: string;
  let store: ArtifactStore;
  /** Names of what was taken from the store. */
  let taken: string[];

  /** The folder of a trainer with the user's own texts in it. */
  const trainer = (name: string): string => {
    const cacheDir = join(root, name);
    const folder = join(cacheDir, NAME);
    mkdirSync(folder, { recursive: true });
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 2 ? 'good morning' : 'buy now'} ${i},${i % 2}`);
    writeFileSync(join(folder, 'data.csv'), `text,label\n${rows.join('\n')}\n`);
    utimesSync(join(folder, 'data.csv'), 1e9, 1e9);
    return cacheDir;
  };
  const load = (cacheDir: string) => {
    const shared = sharedDatasets(store, quiet);
    const watched = {
      ...shared,
      get: async (name: string, path: string) => {
        const found = await shared.get(name, path);
        if (found) taken.push(name);
        return found;
      },
    };
    return loadDataset(NAME, { cacheDir, seed: 1, store: watched });
  };

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'onegin-shared-'));
    store = await createArtifactStore({ directory: join(root, 'store') });
    taken = [];
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const storedKeys = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { key } of store.list('datasets/')) found.push(key);
    return found;
  };
  const dataKey = async () => (await storedKeys()).find((key) => !key.endsWith('.ref.json'))!;

  it('are prepared by one trainer and taken over by the next, which never reads the sources', async () => {
    const first = await load(trainer('first'));
    const second = trainer('second');
    // The same size and time, but nothing that could be read: only the shared copy can be the data.
    const source = join(second, NAME, 'data.csv');
    writeFileSync(source, Buffer.alloc(statSync(source).size));
    utimesSync(source, 1e9, 1e9);
    expect(await load(second)).toEqual(first);
    expect(taken).toHaveLength(1);
  });

  it.each([
    ['damaged', (bytes: Buffer) => bytes.fill(7, 100, 110)],
    ['cut off', (bytes: Buffer) => bytes.subarray(0, 100)],
  ])('a copy that is %s is ignored, rebuilt and replaced', async (_how, spoil) => {
    const first = await load(trainer('first'));
    const key = await dataKey();
    const whole = await store.read(key);
    await store.put(key, spoil(Buffer.from(whole)), { kind: 'dataset', contentType: 'x/y' });
    expect(await load(trainer('second'))).toEqual(first);
    expect(taken).toEqual([]);
    expect(await store.read(key)).toEqual(whole);
    expect(await load(trainer('third'))).toEqual(first);
    expect(taken).toHaveLength(1);
  });

  it('a ref that is no ref is ignored', async () => {
    const first = await load(trainer('first'));
    const name = (await dataKey()).slice('datasets/'.length);
    await store.put(preparedDatasetKey(name, 'ref'), Buffer.from('{"key"'), {
      kind: 'x',
      contentType: 'x/y',
    });
    expect(await load(trainer('second'))).toEqual(first);
    expect(taken).toEqual([]);
  });

  it('a store that is out of reach costs nothing but the sharing', async () => {
    const first = await load(trainer('first'));
    rmSync(join(root, 'store'), { recursive: true });
    writeFileSync(join(root, 'store'), 'a file where the folder was');
    expect(await load(trainer('second'))).toEqual(first);
  });
});
