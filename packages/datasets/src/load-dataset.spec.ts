import { readdir, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageTrainingData, TextTrainingData } from '@onegin/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { datasetCatalog } from './catalog.ts';
import { loadDataset, type PreparedStore } from './load-dataset.ts';
import { inTemporaryFolder } from './testing/temporary-folder.ts';

describe('the samples', () => {
  let cacheDir = '';
  let done = (): void => undefined;
  beforeAll(
    () =>
      new Promise<void>((ready) => {
        void inTemporaryFolder(async (folder) => {
          cacheDir = folder;
          ready();
          await new Promise<void>((resolve) => (done = resolve));
        });
      }),
  );
  afterAll(() => done());

  test.each(['mnist-10k', 'spam-assassin', 'shapes'])(
    '%s loads, has the sizes that the catalogue says, and is the same from the cache',
    async (name) => {
      const info = datasetCatalog.find((entry) => entry.name === name)!;
      const first = await loadDataset(name, { cacheDir });
      const { train, validation, test: held } = first;
      expect({ train: train.count, validation: validation.count, test: held!.count }).toEqual(info.sizes);
      expect(first.shape).toEqual(info.shape);
      expect(first.classes).toEqual(info.classes);
      const values = info.shape.reduce((product: number, size) => product * size, 1);
      for (const part of [train, validation, held!]) {
        expect(part.inputs.length).toBe(part.count * values);
        expect(new Set(part.labels).size).toBe(info.classes.length);
      }
      const again = await loadDataset(name, { cacheDir });
      expect(Buffer.from(again.train.inputs.buffer).equals(Buffer.from(train.inputs.buffer))).toBe(true);
      expect(again.validation.labels).toEqual(validation.labels);
    },
    120_000,
  );

  test('mnist-10k holds the original bytes', async () => {
    const { train } = (await loadDataset('mnist-10k', { cacheDir })) as ImageTrainingData;
    const used = new Set(train.inputs);
    expect([used.has(0), used.has(255), used.size]).toEqual([true, true, 256]);
    // MNIST's grey values are 33.3 in the mean over all its training digits.
    const mean = train.inputs.reduce((sum, value) => sum + value, 0) / train.inputs.length;
    expect(mean).toBeGreaterThan(31);
    expect(mean).toBeLessThan(36);
  });

  test('spam-assassin: ids are frequency ranks, and no text is on both sides', async () => {
    const data = (await loadDataset('spam-assassin', { cacheDir })) as TextTrainingData;
    expect(data.vocabulary.slice(0, 4)).toEqual(['<pad>', '<unknown>', 'the', 'to']);
    const row = (part: 'train' | 'validation' | 'test', i: number): string =>
      data[part]!.inputs.subarray(i * 400, (i + 1) * 400).join();
    const rows = (part: 'train' | 'validation' | 'test'): string[] =>
      Array.from({ length: data[part]!.count }, (_, i) => row(part, i));
    const train = new Set(rows('train'));
    expect([...rows('validation'), ...rows('test')].filter((text) => train.has(text))).toEqual([]);
    const counts = new Int32Array(data.vocabulary.length);
    for (const id of data.train.inputs) counts[id]!++;
    const ranked = counts.subarray(2);
    expect(ranked.every((count, i) => i === 0 || count <= ranked[i - 1]!)).toBe(true);
  });

  test('another seed, another validation part, but the same test part', async () => {
    const [a, b] = await Promise.all([1, 2].map((seed) => loadDataset('mnist-10k', { cacheDir, seed })));
    expect(Buffer.compare(a!.test!.inputs as Uint8Array, b!.test!.inputs as Uint8Array)).toBe(0);
    expect(Buffer.compare(a!.validation.inputs as Uint8Array, b!.validation.inputs as Uint8Array)).not.toBe(
      0,
    );
  });

  test('a damaged cache is rebuilt', async () => {
    const file = join(cacheDir, 'prepared', 'mnist-10k.r1.dataset');
    await writeFile(file, 'ONEGIND1 and then nothing');
    expect((await loadDataset('mnist-10k', { cacheDir })).train.count).toBe(8_002);
  });

  test('an aborted load ends with the reason and leaves nothing', async () => {
    await inTemporaryFolder(async (folder) => {
      const signal = AbortSignal.abort(new Error('cancelled'));
      await expect(loadDataset('shapes', { cacheDir: folder, signal })).rejects.toThrow('cancelled');
      expect(await readdir(folder)).toEqual([]);
    });
  });
});

describe('published datasets', () => {
  test('without downloads, a missing file is named', async () => {
    await inTemporaryFolder(async (cacheDir) => {
      await expect(loadDataset('gtsrb', { cacheDir, download: false })).rejects.toMatchObject({
        code: 'dataset-unavailable',
        message: expect.stringMatching(
          /^GTSRB_Final_Training_Images\.zip: is not there, and downloads are off/,
        ),
      });
    });
  });

  test('a tampered file is refused before it is read, and nothing is cached', async () => {
    await inTemporaryFolder(async (cacheDir) => {
      const filesDir = join(cacheDir, 'downloads', 'cifar-10');
      await mkdir(filesDir, { recursive: true });
      await writeFile(join(filesDir, 'cifar-10-binary.tar.gz'), 'tampered');
      await expect(loadDataset('cifar-10', { cacheDir, download: false })).rejects.toMatchObject({
        code: 'dataset-invalid',
        message: expect.stringMatching(/^cifar-10-binary\.tar\.gz: is not the file that .* sha256 c4a38c50/),
      });
      expect(await readdir(cacheDir)).toEqual(['downloads']);
    });
  });

  test('what another trainer has prepared is taken from the store', async () => {
    await inTemporaryFolder(async (cacheDir) => {
      const asked: string[] = [];
      const store: PreparedStore = {
        async get(name) {
          asked.push(name);
          return false;
        },
        put: () => Promise.reject(new Error('nothing was prepared')),
      };
      await expect(loadDataset('imdb', { cacheDir, download: false, store })).rejects.toThrow('is not there');
      expect(asked).toEqual(['imdb.r1.dataset']);
    });
  });
});
