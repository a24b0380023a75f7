/** Reuters news wires of 1987 in Keras's selection of 46 topics. Keras's file has no test part: a tenth is held back. */
import { join } from 'node:path';
import type { DatasetSource, PrepareContext } from '../dataset-source.ts';
import { readNpz } from '../formats/npy.ts';
import type { RawTextDataset, TextForm } from '../raw-dataset.ts';
import { KERAS_HOSTS, kerasTexts, readWordIndex } from './keras-text.ts';
import { publishedFile } from './published-file.ts';

const LONGEST = 400;
const NPZ = 'reuters.npz';
const WORD_INDEX = 'reuters_word_index.json';

const CLASSES = (
  'cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves ship cotton ' +
  'carcass crude nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin strategic-metal livestock ' +
  'retail ipi iron-steel rubber heat jobs lei bop zinc orange pet-chem dlr gas silver wpi hog lead'
).split(' ');
const FORM: TextForm = { kind: 'text', shape: [LONGEST], classes: CLASSES };

async function prepare({ filesDir, signal }: PrepareContext): Promise<RawTextDataset> {
  const words = await readWordIndex(join(filesDir, WORD_INDEX));
  const { x, y } = await readNpz(join(filesDir, NPZ), ['x', 'y'] as const, signal);
  return {
    ...FORM,
    words,
    train: kerasTexts(NPZ, x, y, words, LONGEST),
  };
}

export const reuters: DatasetSource = {
  info: {
    name: 'reuters',
    title: 'Reuters news wires',
    description: '11,228 news wires of 1987 in 46 topics, very unevenly spread.',
    ...FORM,
    // The parts are tenths up to rounding per topic and up to copies of one wire, which stay together.
    sizes: { train: 8_982, validation: 1_123, test: 1_123 },
    licence: 'free for research (Reuters Ltd. and Carnegie Group, Inc.)',
    page: 'https://keras.io/api/datasets/reuters/',
    synthetic: false,
    bundled: false,
    downloads: [
      publishedFile(KERAS_HOSTS, NPZ, 'd6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916'),
      publishedFile(KERAS_HOSTS, WORD_INDEX, '4d44cc38712099c9e383dc6e5f11a921'),
    ],
  },
  revision: 1,
  prepare,
};
