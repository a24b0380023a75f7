import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { inTemporaryFolder } from '../testing/temporary-folder.ts';
import { idxFile } from '../testing/tiny-files.ts';
import { readGzip } from './gzip.ts';
import { parseIdx, readIdxGzip } from './idx.ts';

const images = idxFile([2, 2, 2], [0, 1, 2, 3, 252, 253, 254, 255]);

const withFile = <T>(bytes: Buffer, work: (path: string) => Promise<T>): Promise<T> =>
  inTemporaryFolder(async (folder) => {
    const path = join(folder, 'train-images-idx3-ubyte.gz');
    await writeFile(path, bytes);
    return work(path);
  });

describe('IDX', () => {
  test('reads sizes and values of a gzipped file', async () => {
    const { sizes, values } = await withFile(gzipSync(images), (path) => readIdxGzip(path, 3));
    expect(sizes).toEqual([2, 2, 2]);
    expect([...values]).toEqual([0, 1, 2, 3, 252, 253, 254, 255]);
  });

  test('a truncated gzip names the file and what is missing', async () => {
    const packed = gzipSync(images);
    await withFile(packed.subarray(0, packed.length - 9), (path) =>
      expect(readIdxGzip(path, 3)).rejects.toMatchObject({
        code: 'dataset-invalid',
        message:
          'train-images-idx3-ubyte.gz: ends in the middle of its compressed data: ' +
          'expected a complete gzip file, found an early end',
      }),
    );
  });

  test('something that is not gzip', async () => {
    await withFile(Buffer.from('<html>404</html>'), (path) =>
      expect(readIdxGzip(path, 3)).rejects.toThrow('is damaged or not a gzip file'),
    );
  });

  test('a wrong magic number says which was expected and which was found', () => {
    const labels = idxFile([2], [1, 2]);
    expect(() => parseIdx(labels, 3, 'f')).toThrow(
      'f: has a wrong magic number: expected 0x00000803, found 0x00000801',
    );
    expect(() => parseIdx(Buffer.of(0), 3, 'f')).toThrow('has a wrong magic number');
  });

  test('fewer values than the header says, or more', () => {
    expect(() => parseIdx(images.subarray(0, -1), 3, 'f')).toThrow('expected 24 bytes, found 23');
    expect(() => parseIdx(Buffer.concat([images, Buffer.of(1)]), 3, 'f')).toThrow(
      'expected 24 bytes, found 25',
    );
    // Sizes whose product is far beyond the data must not be allocated.
    expect(() => parseIdx(idxFile([4e9, 4e9, 1], []), 3, 'f')).toThrow('is shorter than its header says');
  });

  test('a bomb of 10 GB is stopped at the limit', async () => {
    // A gzip file may consist of several members: 160 times 64 MiB of zeros, in 10 MB.
    const member = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const bomb = Buffer.concat(Array<Buffer>(160).fill(member));
    await withFile(bomb, (path) =>
      expect(readGzip(path, { maxBytes: 100 * 1024 * 1024 })).rejects.toThrow('any dataset needs'),
    );
  });
});
