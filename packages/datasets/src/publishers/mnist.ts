/** MNIST and Fashion-MNIST: four gzipped IDX files of the same names. */
import { join } from 'node:path';
import type { DatasetDownload } from '@onegin/contracts';
import { invalidData } from '../dataset-error.ts';
import type { DatasetSource, PrepareContext } from '../dataset-source.ts';
import { readIdxGzip } from '../formats/idx.ts';
import type { ImageForm, RawImageDataset, RawImages } from '../raw-dataset.ts';
import { digitClasses } from '../samples/digit-classes.ts';
import { publishedFile } from './published-file.ts';

const SIDE = 28;

async function readPart(folder: string, prefix: string, signal?: AbortSignal): Promise<RawImages> {
  const imagesFile = `${prefix}-images-idx3-ubyte.gz`;
  const images = await readIdxGzip(join(folder, imagesFile), 3, signal);
  const labels = await readIdxGzip(join(folder, `${prefix}-labels-idx1-ubyte.gz`), 1, signal);
  const [count, height, width] = images.sizes;
  if (height !== SIDE || width !== SIDE || count !== labels.values.length)
    throw invalidData('does not fit the labels or the size of a digit', {
      file: imagesFile,
      expected: `${labels.values.length} × ${SIDE} × ${SIDE}`,
      found: images.sizes.join(' × '),
    });
  return { inputs: images.values, labels: Int32Array.from(labels.values) };
}

const formOf = (classes: string[]): ImageForm => ({ kind: 'image', shape: [SIDE, SIDE, 1], classes });

const prepareWith =
  (form: ImageForm) =>
  async ({ filesDir, signal }: PrepareContext): Promise<RawImageDataset> => ({
    ...form,
    train: await readPart(filesDir, 'train', signal),
    test: await readPart(filesDir, 't10k', signal),
  });

const FILES = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'].map(
  (name) => `${name}-ubyte.gz`,
);

/** @param checksums and sizes in the order of the files */
const downloads = (
  hosts: readonly string[],
  checksums: readonly string[],
  bytes: readonly number[] = [],
): DatasetDownload[] => FILES.map((file, i) => publishedFile(hosts, file, checksums[i], bytes[i]));

const SIZES = { train: 54_000, validation: 6_000, test: 10_000 };

const DIGITS = formOf(digitClasses);

export const mnist: DatasetSource = {
  info: {
    name: 'mnist',
    title: 'MNIST',
    description: '70,000 handwritten digits, 28 × 28 pixels in grey.',
    ...DIGITS,
    sizes: SIZES,
    licence: 'CC BY-SA 3.0 (Yann LeCun, Corinna Cortes)',
    page: 'https://keras.io/api/datasets/mnist/',
    synthetic: false,
    bundled: false,
    downloads: downloads(
      [
        'https://storage.googleapis.com/cvdf-datasets/mnist/',
        'https://ossci-datasets.s3.amazonaws.com/mnist/',
      ],
      [
        '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609',
        '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c',
        '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6',
        'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6',
      ],
      [9_912_422, 28_881, 1_648_877, 4_542],
    ),
  },
  revision: 1,
  prepare: prepareWith(DIGITS),
};

const CLOTHES = formOf(
  'T-shirt/top, Trouser, Pullover, Dress, Coat, Sandal, Shirt, Sneaker, Bag, Ankle boot'.split(', '),
);

export const fashionMnist: DatasetSource = {
  info: {
    name: 'fashion-mnist',
    title: 'Fashion-MNIST',
    description: '70,000 pictures of clothes in 10 kinds, 28 × 28 pixels in grey.',
    ...CLOTHES,
    sizes: SIZES,
    licence: 'MIT (Zalando SE)',
    page: 'https://keras.io/api/datasets/fashion_mnist/',
    synthetic: false,
    bundled: false,
    downloads: downloads(
      [
        'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
        'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
      ],
      [
        '8d4fb7e6c68d591d4c3dfef9ec88bf0d',
        '25c81989df183df01b3e8a0aad5dffbe',
        'bef4ecab320f06d8554ea6380940ec79',
        'bb300cfdad3c16e7a12a480ee83cd310',
      ],
    ),
  },
  revision: 1,
  prepare: prepareWith(CLOTHES),
};
