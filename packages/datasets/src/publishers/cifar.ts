/** CIFAR-10 and CIFAR-100 in their binary version, a .tar.gz each. */
import { basename, join } from 'node:path';
import { datasetError } from '../dataset-error.ts';
import type { DatasetSource, PrepareContext } from '../dataset-source.ts';
import { CIFAR_SIDE, joinImages, parseCifarBinary } from '../formats/cifar-binary.ts';
import { readTarGzip } from '../formats/tar-gzip.ts';
import type { RawImageDataset, RawImages } from '../raw-dataset.ts';
import { CIFAR_100_CLASSES } from './cifar-100-classes.ts';

const SHAPE: [number, number, number] = [CIFAR_SIDE, CIFAR_SIDE, 3];

interface Layout {
  archive: string;
  labelBytes: 1 | 2;
  train: string[];
  test: string;
  classes: string[];
}

const prepareWith =
  ({ archive, labelBytes, train, test, classes }: Layout) =>
  async ({ filesDir, signal }: PrepareContext): Promise<RawImageDataset> => {
    const found = new Map<string, RawImages>();
    const wanted = (name: string): boolean => [...train, test].includes(basename(name));
    for await (const { name, bytes } of readTarGzip(join(filesDir, archive), { wanted, signal })) {
      found.set(basename(name), parseCifarBinary(bytes, labelBytes, `${archive} › ${name}`));
    }
    const part = (file: string): RawImages => {
      const images = found.get(file);
      if (images) return images;
      throw datasetError('dataset-invalid', 'lacks a file', {
        file: archive,
        expected: [...train, test].join(', '),
        found: [...found.keys()].join(', ') || 'none of them',
      });
    };
    return { kind: 'image', shape: SHAPE, classes, train: joinImages(train.map(part)), test: part(test) };
  };

const CIFAR_10_CLASSES = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];
const SIZES = { train: 45_000, validation: 5_000, test: 10_000 };
const HOME = 'https://www.cs.toronto.edu/~kriz/';
const LICENCE = 'none stated; for research, please cite Alex Krizhevsky, 2009';

export const cifar10: DatasetSource = {
  info: {
    name: 'cifar-10',
    title: 'CIFAR-10',
    description: '60,000 small photographs of 10 kinds of things, 32 × 32 pixels in colour.',
    kind: 'image',
    shape: SHAPE,
    classes: CIFAR_10_CLASSES,
    sizes: SIZES,
    licence: LICENCE,
    page: 'https://keras.io/api/datasets/cifar10/',
    synthetic: false,
    bundled: false,
    downloads: [
      {
        file: 'cifar-10-binary.tar.gz',
        urls: [`${HOME}cifar-10-binary.tar.gz`],
        bytes: 170_052_171,
        checksum: {
          algorithm: 'sha256',
          value: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
        },
      },
    ],
  },
  revision: 1,
  prepare: prepareWith({
    archive: 'cifar-10-binary.tar.gz',
    labelBytes: 1,
    train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
    test: 'test_batch.bin',
    classes: CIFAR_10_CLASSES,
  }),
};

export const cifar100: DatasetSource = {
  info: {
    name: 'cifar-100',
    title: 'CIFAR-100',
    description: '60,000 small photographs of 100 kinds of things, 32 × 32 pixels in colour.',
    kind: 'image',
    shape: SHAPE,
    classes: CIFAR_100_CLASSES,
    sizes: SIZES,
    licence: LICENCE,
    page: 'https://keras.io/api/datasets/cifar100/',
    synthetic: false,
    bundled: false,
    downloads: [
      {
        file: 'cifar-100-binary.tar.gz',
        urls: [`${HOME}cifar-100-binary.tar.gz`],
        bytes: 168_513_733,
        checksum: {
          algorithm: 'sha256',
          value: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
        },
      },
    ],
  },
  revision: 1,
  prepare: prepareWith({
    archive: 'cifar-100-binary.tar.gz',
    labelBytes: 2,
    train: ['train.bin'],
    test: 'test.bin',
    classes: CIFAR_100_CLASSES,
  }),
};
