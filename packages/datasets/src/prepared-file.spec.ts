import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readPreparedFile, writePreparedFile } from './prepared-file.ts';
import type { RawDataset } from './raw-dataset.ts';
import { inTemporaryFolder } from './testing/temporary-folder.ts';

const images: RawDataset = {
  kind: 'image',
  shape: [1, 3, 1],
  classes: ['a', 'b'],
  train: {
    inputs: Uint8Array.of(1, 2, 3, 4, 5, 255),
    labels: Int32Array.of(0, 1),
    groups: Int32Array.of(4, 4),
  },
  test: { inputs: Uint8Array.of(9, 9, 9), labels: Int32Array.of(1) },
};
const texts: RawDataset = {
  kind: 'text',
  shape: [4],
  classes: ['x', 'y'],
  words: ['naïve', '', 'b'],
  train: { tokens: Int32Array.of(2, 0, 1), offsets: Int32Array.of(0, 2, 3), labels: Int32Array.of(1, 0) },
};

describe('the prepared file', () => {
  test.each([
    ['images', images],
    ['texts', texts],
  ])('gives %s back as they were', async (_, dataset) => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'deep', 'x.dataset');
      await writePreparedFile(path, dataset);
      expect(await readPreparedFile(path)).toEqual(dataset);
      expect(await readdir(join(folder, 'deep'))).toEqual(['x.dataset']);
    });
  });

  test('a flipped bit and a missing end are both found', async () => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'x.dataset');
      await writePreparedFile(path, images);
      const bytes = await readFile(path);
      const flipped = Buffer.from(bytes);
      flipped[bytes.length - 20]! ^= 1;
      for (const wrong of [flipped, bytes.subarray(0, -8), Buffer.from('something else')]) {
        await writeFile(path, wrong);
        await expect(readPreparedFile(path)).rejects.toMatchObject({
          name: 'OneginError',
          code: 'dataset-invalid',
          message: expect.stringMatching(/^x\.dataset: /),
        });
      }
    });
  });

  test.each([
    ['a longer array', (header: string) => header.replace('"length":6', '"length":900')],
    ['an array elsewhere', (header: string) => header.replace('"at":0', '"at":90000')],
    ['no JSON', (header: string) => header.replace('{', '[')],
    ['another kind', (header: string) => header.replace('image', 'sound')],
  ])('a header that says what the file does not hold: %s', async (_, change) => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'x.dataset');
      await writePreparedFile(path, images);
      const bytes = await readFile(path);
      const dataStart = 12 + bytes.readUInt32LE(8);
      const header = bytes.toString('utf8', 12, dataStart);
      const changed = Buffer.from(change(header));
      expect(changed.toString()).not.toBe(header);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(changed.length);
      await writeFile(
        path,
        Buffer.concat([bytes.subarray(0, 8), length, changed, bytes.subarray(dataStart)]),
      );
      await expect(readPreparedFile(path)).rejects.toThrow('x.dataset: is not a prepared dataset');
    });
  });

  test('a cache that cannot be written: a coded error, and nothing half-written', async () => {
    await inTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'cache'), 'a file, not a folder');
      await expect(writePreparedFile(join(folder, 'cache', 'x.dataset'), images)).rejects.toMatchObject({
        code: 'dataset-unavailable',
        message: expect.stringContaining('x.dataset: cannot be kept (E'),
      });
      expect(await readdir(folder)).toEqual(['cache']);
    });
  });
});
