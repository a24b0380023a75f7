/** CIFAR-10 and CIFAR-100 in their binary version, a .tar.gz each. */
import { basename, join } from 'node:path';
import { invalidData } from '../dataset-error.ts';
import type { DatasetSource, PrepareContext } from '../dataset-source.ts';
import { CIFAR_SIDE, joinImages, parseCifarBinary } from '../formats/cifar-binary.ts';
import { readTarGzip } from '../formats/tar-gzip.ts';
import type { ImageForm, RawImageDataset, RawImages } from '../raw-dataset.ts';
import { CIFAR_100_CLASSES } from './cifar-100-classes.ts';
import { publishedFile } from './published-file.ts';

interface Layout {
  archive: string;
  labelBytes: 1 | 2;
  train: string[];
  test: string;
  form: ImageForm;
}

const prepareWith =
  ({ archive, labelBytes, train, test, form }: Layout) =>
  async ({ filesDir, signal }: PrepareContext): Promise<RawImageDataset> => {
    const found = new Map<string, RawImages>();
    const wanted = (name: string): boolean => [...train, test].includes(basename(name));
    for await (const { name, bytes } of readTarGzip(join(filesDir, archive), { wanted, signal })) {
      found.set(basename(name), parseCifarBinary(bytes, labelBytes, `${archive} › ${name}`));
    }
    const part = (file: string): RawImages => {
      const images = found.get(file);
      if (images) return images;
      throw invalidData('lacks a file', {
        file: archive,
        expected: [...train, test].join(', '),
        found: [...found.keys()].join(', ') || 'none of them',
      });
    };
    return { ...form, train: joinImages(train.map(part)), test: part(test) };
  };

const formOf = (classes: string[]): ImageForm => ({
  kind: 'image',
  shape: [CIFAR_SIDE, CIFAR_SIDE, 3],
  classes,
});
const FORM_10 = formOf('airplane automobile bird cat deer dog frog horse ship truck'.split(' '));
const FORM_100 = formOf(CIFAR_100_CLASSES);
const SIZES = { train: 45_000, validation: 5_000, test: 10_000 };
const HOSTS = ['https://www.cs.toronto.edu/~kriz/'];
const ARCHIVE_10 = 'cifar-10-binary.tar.gz';
const ARCHIVE_100 = 'cifar-100-binary.tar.gz';
const LICENCE = 'none stated; for research, please cite Alex Krizhevsky, 2009';

export const cifar10: DatasetSource = {
  info: {
    name: 'cifar-10',
    title: 'CIFAR-10',
    description: '60,000 small photographs of 10 kinds of things, 32 × 32 pixels in colour.',
    ...FORM_10,
    sizes: SIZES,
    licence: LICENCE,
    page: 'https://keras.io/api/datasets/cifar10/',
    synthetic: false,
    bundled: false,
    downloads: [
      publishedFile(
        HOSTS,
        ARCHIVE_10,
        'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
        170_052_171,
      ),
    ],
  },
  revision: 1,
  prepare: prepareWith({
    archive: ARCHIVE_10,
    labelBytes: 1,
    train: [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`),
    test: 'test_batch.bin',
    form: FORM_10,
  }),
};

export const cifar100: DatasetSource = {
  info: {
    name: 'cifar-100',
    title: 'CIFAR-100',
    description: '60,000 small photographs of 100 kinds of things, 32 × 32 pixels in colour.',
    ...FORM_100,
    sizes: SIZES,
    licence: LICENCE,
    page: 'https://keras.io/api/datasets/cifar100/',
    synthetic: false,
    bundled: false,
    downloads: [
      publishedFile(
        HOSTS,
        ARCHIVE_100,
        '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
        168_513_733,
      ),
    ],
  },
  revision: 1,
  prepare: prepareWith({
    archive: ARCHIVE_100,
    labelBytes: 2,
    train: ['train.bin'],
    test: 'test.bin',
    form: FORM_100,
  }),
};
