import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { checkRawDataset } from '../check-raw-dataset.ts';
import type { DatasetSource } from '../dataset-source.ts';
import type { RawImageDataset, RawTextDataset } from '../raw-dataset.ts';
import { inTemporaryFolder } from '../testing/temporary-folder.ts';
import { idxFile, int64s, npyFile, pickledLists, ppmFile, tarFile, zipFile } from '../testing/tiny-files.ts';
import { cifar10, cifar100 } from './cifar.ts';
import { gtsrb } from './gtsrb.ts';
import { imdb } from './imdb.ts';
import { fashionMnist, mnist } from './mnist.ts';
import { reuters } from './reuters.ts';

/** Prepares a source from files made by the test, as if a publisher had them. */
function prepare<D>(source: DatasetSource, files: Record<string, Buffer>): Promise<D> {
  return inTemporaryFolder(async (filesDir) => {
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(filesDir, name), bytes);
    return (await source.prepare({ filesDir })) as D;
  });
}

const digits = (count: number, first: number): Buffer =>
  gzipSync(
    idxFile(
      [count, 28, 28],
      Array.from({ length: count * 784 }, (_, i) => (i === 0 ? first : i % 251)),
    ),
  );
const idxLabels = (...labels: number[]): Buffer => gzipSync(idxFile([labels.length], labels));

describe.each([mnist, fashionMnist])('$info.name', (source) => {
  const files = {
    'train-images-idx3-ubyte.gz': digits(2, 77),
    'train-labels-idx1-ubyte.gz': idxLabels(3, 9),
    't10k-images-idx3-ubyte.gz': digits(1, 88),
    't10k-labels-idx1-ubyte.gz': idxLabels(1),
  };

  test('is read from the four files', async () => {
    const { train, test: held, shape } = await prepare<RawImageDataset>(source, files);
    expect(shape).toEqual([28, 28, 1]);
    expect([...train.labels, ...held!.labels]).toEqual([3, 9, 1]);
    expect([train.inputs[0], train.inputs[1], held!.inputs[0]]).toEqual([77, 1, 88]);
  });

  test('labels for another number of images', async () => {
    const wrong = { ...files, 'train-labels-idx1-ubyte.gz': idxLabels(1, 2, 3) };
    await expect(prepare(source, wrong)).rejects.toMatchObject({
      code: 'dataset-invalid',
      message: expect.stringMatching(
        /^train-images-idx3-ubyte\.gz: .*: expected 3 × 28 × 28, found 2 × 28 × 28$/,
      ),
    });
  });

  test('a label outside of the classes', async () => {
    const wrong = { ...files, 'train-labels-idx1-ubyte.gz': idxLabels(1, 10) };
    const dataset = await prepare<RawImageDataset>(source, wrong);
    expect(() => checkRawDataset('mnist', dataset)).toThrow(
      'has a wrong label at sample 1: expected 0 to 9, found 10',
    );
  });
});

describe('CIFAR', () => {
  const record = (labels: number[], value: number): Buffer =>
    Buffer.concat([Buffer.from(labels), Buffer.alloc(3072, value)]);

  test('CIFAR-10 joins its five batches in order', async () => {
    // In an archive the order is nobody's promise.
    const batches = [5, 1, 2, 3, 4].map((n) => ({
      name: `cifar-10-batches-bin/data_batch_${n}.bin`,
      bytes: record([n], n),
    }));
    const entries = [...batches, { name: 'cifar-10-batches-bin/test_batch.bin', bytes: record([7], 70) }];
    const dataset = await prepare<RawImageDataset>(cifar10, {
      'cifar-10-binary.tar.gz': gzipSync(tarFile(entries)),
    });
    expect([...dataset.train.labels]).toEqual([1, 2, 3, 4, 5]);
    expect(dataset.train.inputs[3 * 3072]).toBe(4);
    expect([...dataset.test!.labels]).toEqual([7]);
  });

  test('CIFAR-100 takes the fine label', async () => {
    const entries = ['train', 'test'].map((part) => ({
      name: `cifar-100-binary/${part}.bin`,
      bytes: record([11, 98], 1),
    }));
    const dataset = await prepare<RawImageDataset>(cifar100, {
      'cifar-100-binary.tar.gz': gzipSync(tarFile(entries)),
    });
    expect(dataset.classes[dataset.train.labels[0]!]).toBe('woman');
  });

  test('a missing batch', async () => {
    const entries = [{ name: 'cifar-10-batches-bin/test_batch.bin', bytes: record([7], 70) }];
    await expect(prepare(cifar10, { 'cifar-10-binary.tar.gz': gzipSync(tarFile(entries)) })).rejects.toThrow(
      /^cifar-10-binary\.tar\.gz: .*, found test_batch\.bin$/,
    );
  });
});

describe('GTSRB', () => {
  const plain = (width: number, height: number, colour: number[]): Buffer =>
    ppmFile(
      width,
      height,
      Array.from({ length: width * height }).flatMap(() => colour),
    );
  const table = (rows: [string, number][]): Buffer =>
    Buffer.from(
      [
        'Filename;Width;Height;Roi.X1;Roi.Y1;Roi.X2;Roi.Y2;ClassId',
        ...rows.map(([f, c]) => `${f};9;9;1;1;8;8;${c}`),
      ].join('\r\n'),
    );
  const training = 'GTSRB/Final_Training/Images';
  const files = {
    'GTSRB_Final_Training_Images.zip': zipFile([
      { name: `${training}/00014/00000_00001.ppm`, bytes: plain(20, 15, [200, 10, 20]) },
      { name: `${training}/00014/00000_00000.ppm`, bytes: plain(40, 50, [200, 10, 20]) },
      { name: `${training}/00014/00001_00000.ppm`, bytes: plain(32, 32, [200, 10, 20]) },
      {
        name: `${training}/00014/GT-00014.csv`,
        bytes: table([
          ['00000_00000.ppm', 14],
          ['00000_00001.ppm', 14],
          ['00001_00000.ppm', 14],
        ]),
      },
      { name: `${training}/00003/00000_00000.ppm`, bytes: plain(33, 31, [0, 0, 250]) },
      { name: `${training}/00003/GT-00003.csv`, bytes: table([['00000_00000.ppm', 3]]) },
    ]),
    'GTSRB_Final_Test_Images.zip': zipFile([
      { name: 'GTSRB/Final_Test/Images/00000.ppm', bytes: plain(16, 16, [1, 2, 3]) },
      {
        name: 'GTSRB/Final_Test/Images/GT-final_test.test.csv',
        bytes: Buffer.from('Filename;Width\n00000.ppm;16'),
      },
    ]),
    'GTSRB_Final_Test_GT.zip': zipFile([{ name: 'GT-final_test.csv', bytes: table([['00000.ppm', 42]]) }]),
  };

  test('reads images of any size, classes from the tables, and tracks as groups', async () => {
    const { train, test: held } = await prepare<RawImageDataset>(gtsrb, files);
    expect([...train.labels]).toEqual([3, 14, 14, 14]);
    expect([...train.groups!]).toEqual([0, 1, 1, 2]);
    expect([...train.inputs.subarray(0, 3)]).toEqual([0, 0, 250]);
    expect([...train.inputs.subarray(3072, 3075)]).toEqual([200, 10, 20]);
    expect([...held!.labels]).toEqual([42]);
    expect([...held!.inputs.subarray(0, 3)]).toEqual([1, 2, 3]);
  });

  test('an image without a row in a table', async () => {
    const lonely = zipFile([{ name: `${training}/00001/00000_00000.ppm`, bytes: plain(8, 8, [0, 0, 0]) }]);
    await expect(
      prepare(gtsrb, { ...files, 'GTSRB_Final_Training_Images.zip': lonely }),
    ).rejects.toMatchObject({
      problems: [
        {
          field: 'GTSRB_Final_Training_Images.zip',
          expected: 'expected a row with its class',
          found: `${training}/00001/00000_00000.ppm`,
        },
      ],
    });
  });

  test.each([
    ['an image', `${training}/00001/00000_00000.ppm`, { announced: 9 * 1024 ** 2 }, 'any dataset needs'],
    ['a table', `${training}/00001/GT-00001.csv`, { announced: 9 * 1024 ** 2 }, 'any dataset needs'],
    ['a table', `${training}/00001/GT-00001.csv`, {}, 'is not a table of GTSRB'],
  ])('%s that no traffic sign needs', async (_, name, more, what) => {
    const hostile = zipFile([{ name, bytes: Buffer.from('Filename;ClassId\n"0;1\n'), ...more }]);
    await expect(prepare(gtsrb, { ...files, 'GTSRB_Final_Training_Images.zip': hostile })).rejects.toThrow(
      what,
    );
  });

  test('an image that is cut off', async () => {
    const short = zipFile([
      { name: `${training}/00001/00000_00000.ppm`, bytes: plain(8, 8, [0, 0, 0]).subarray(0, 50) },
    ]);
    await expect(prepare(gtsrb, { ...files, 'GTSRB_Final_Training_Images.zip': short })).rejects.toThrow(
      'has too few pixels',
    );
  });
});

const kerasPart = (
  x: string,
  y: string,
  texts: number[][],
  labels: number[],
): { name: string; bytes: Buffer }[] => [
  { name: `${x}.npy`, bytes: npyFile('|O', [texts.length], pickledLists(texts)) },
  { name: `${y}.npy`, bytes: npyFile('<i8', [labels.length], int64s(labels)) },
];
const wordIndex = Buffer.from(JSON.stringify({ the: 1, good: 2, bad: 3, film: 4 }));
const wordsOf = ({ words, train }: RawTextDataset, sample: number): string[] =>
  [...train.tokens.subarray(train.offsets[sample], train.offsets[sample + 1])].map((token) => words[token]!);

describe('texts of Keras', () => {
  test('IMDB: words by their index', async () => {
    const npz = zipFile([
      ...kerasPart('x_train', 'y_train', [[1, 2, 4], [3]], [1, 0]),
      ...kerasPart('x_test', 'y_test', [[4, 3]], [0]),
    ]);
    const dataset = await prepare<RawTextDataset>(imdb, {
      'imdb.npz': npz,
      'imdb_word_index.json': wordIndex,
    });
    expect(wordsOf(dataset, 0)).toEqual(['the', 'good', 'film']);
    expect([...dataset.train.labels, ...dataset.test!.labels]).toEqual([1, 0, 0]);
  });

  test('IMDB: the authors’ archive does as well', async () => {
    const review = (name: string, text: string): { name: string; bytes: Buffer } => ({
      name,
      bytes: Buffer.from(text),
    });
    const archive = tarFile([
      review('aclImdb/train/pos/0_9.txt', 'A good<br /><br />film'),
      review('aclImdb/train/unsup/0_0.txt', 'unlabelled'),
      review('aclImdb/train/urls_pos.txt', 'not a review'),
      review('aclImdb/test/neg/3_1.txt', 'bad film'),
    ]);
    const dataset = await prepare<RawTextDataset>(imdb, { 'aclImdb_v1.tar.gz': gzipSync(archive) });
    expect(wordsOf(dataset, 0)).toEqual(['a', 'good', 'film']);
    expect([[...dataset.train.labels], [...dataset.test!.labels]]).toEqual([[1], [0]]);
  });

  test('Reuters: a word number that the index does not know', async () => {
    const files = (texts: number[][]): Record<string, Buffer> => ({
      'reuters.npz': zipFile(kerasPart('x', 'y', texts, [3, 45])),
      'reuters_word_index.json': wordIndex,
    });
    const dataset = await prepare<RawTextDataset>(reuters, files([[1], [2, 3]]));
    expect([...dataset.train.labels].map((label) => dataset.classes[label])).toEqual(['earn', 'lead']);
    await expect(prepare(reuters, files([[1], [5]]))).rejects.toThrow(/^reuters\.npz: .*, found 5$/);
  });

  test('arrays and a word index larger than any', async () => {
    const bytes = npyFile('<i8', [1], int64s([1]));
    const huge = zipFile([{ name: 'x.npy', bytes, announced: 129 * 1024 ** 2 }]);
    await expect(
      prepare(reuters, { 'reuters.npz': huge, 'reuters_word_index.json': wordIndex }),
    ).rejects.toThrow('reuters.npz › x.npy: unpacks to more');
    await inTemporaryFolder(async (filesDir) => {
      const path = join(filesDir, 'reuters_word_index.json');
      await writeFile(path, '{');
      // Takes no room on the disk.
      await truncate(path, 65 * 1024 ** 2);
      await expect(reuters.prepare({ filesDir })).rejects.toThrow('any dataset needs');
    });
  });

  test('a word index of another form', async () => {
    const files = { 'reuters.npz': Buffer.alloc(0), 'reuters_word_index.json': Buffer.from('["the"]') };
    await expect(prepare(reuters, files)).rejects.toThrow(/^reuters_word_index\.json: /);
  });
});
