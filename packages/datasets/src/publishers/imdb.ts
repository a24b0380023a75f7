/** IMDB film reviews: Keras's `imdb.npz`, or the authors' own archive of plain texts when that is there instead. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatasetSource, PrepareContext } from '../dataset-source.ts';
import { readNpz } from '../formats/npy.ts';
import { readTarGzip } from '../formats/tar-gzip.ts';
import { htmlToText } from '../html-to-text.ts';
import type { RawTextDataset, TextForm } from '../raw-dataset.ts';
import { TextCollector } from '../text-collector.ts';
import { KERAS_HOSTS, kerasTexts, readWordIndex } from './keras-text.ts';
import { publishedFile } from './published-file.ts';

const LONGEST = 500;
const FORM: TextForm = { kind: 'text', shape: [LONGEST], classes: ['negative', 'positive'] };
const NPZ = 'imdb.npz';
const WORD_INDEX = 'imdb_word_index.json';
const ARCHIVE = 'aclImdb_v1.tar.gz';

async function fromNpz({ filesDir, signal }: PrepareContext): Promise<RawTextDataset> {
  const words = await readWordIndex(join(filesDir, WORD_INDEX));
  const names = ['x_train', 'y_train', 'x_test', 'y_test'] as const;
  const arrays = await readNpz(join(filesDir, NPZ), names, signal);
  return {
    ...FORM,
    words,
    train: kerasTexts(NPZ, arrays.x_train, arrays.y_train, words, LONGEST),
    test: kerasTexts(NPZ, arrays.x_test, arrays.y_test, words, LONGEST),
  };
}

const REVIEW = /^aclImdb\/(train|test)\/(neg|pos)\/\d+_\d+\.txt$/;

/** Reviews hold `<br />` and little other HTML. */
async function fromArchive({ filesDir, signal }: PrepareContext): Promise<RawTextDataset> {
  const words = new Map<string, number>();
  const parts = { train: new TextCollector(LONGEST, words), test: new TextCollector(LONGEST, words) };
  const wanted = (name: string): boolean => REVIEW.test(name);
  for await (const { name, bytes } of readTarGzip(join(filesDir, ARCHIVE), { wanted, signal })) {
    const [, part, label] = REVIEW.exec(name)!;
    parts[part as 'train' | 'test'].add(htmlToText(bytes.toString('utf8')), label === 'pos' ? 1 : 0);
  }
  const [train, test] = [parts.train.finish(ARCHIVE), parts.test.finish(ARCHIVE)];
  return { ...FORM, words: [...words.keys()], train, test };
}

export const imdb: DatasetSource = {
  info: {
    name: 'imdb',
    title: 'IMDB reviews',
    description: '50,000 film reviews, for or against the film.',
    ...FORM,
    sizes: { train: 22_500, validation: 2_500, test: 25_000 },
    licence: 'none stated; for research, please cite Maas et al., 2011',
    page: 'https://keras.io/api/datasets/imdb/',
    synthetic: false,
    bundled: false,
    downloads: [
      publishedFile(KERAS_HOSTS, NPZ, '69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f'),
      publishedFile(KERAS_HOSTS, WORD_INDEX, 'bfafd718b763782e994055a2d397834f'),
    ],
  },
  alternatives: [
    [
      publishedFile(
        ['https://ai.stanford.edu/~amaas/data/sentiment/'],
        ARCHIVE,
        '7c2ac02c03563afcf9b574c7e56c153a',
      ),
    ],
  ],
  revision: 1,
  prepare: (context) => (existsSync(join(context.filesDir, NPZ)) ? fromNpz(context) : fromArchive(context)),
};
