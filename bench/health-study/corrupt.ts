/**
 * Corrupted test inputs, seeded: what a model meets outside the laboratory.
 *
 * Images (in the spirit of Hendrycks & Dietterich 2019): Gaussian noise, shift, blur, less contrast. Texts: dropped
 * words, swapped neighbours, unknown words. Three strengths each.
 */
import {
  PADDING_ID,
  streamOf,
  UNKNOWN_ID,
  type DataPart,
  type RandomStream,
  type TrainingData,
} from '@onegin/contracts';

export interface Corruption {
  name: string;
  /** The test part with every sample corrupted. */
  apply(data: TrainingData, seed: number): DataPart<Uint8Array> | DataPart<Int32Array>;
}

type Shape = readonly [number, number, number];
type ImageEdit = (image: Uint8Array, shape: Shape, random: RandomStream) => Uint8Array;
type TextEdit = (words: number[], random: RandomStream) => number[];

const byte = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));

const noise =
  (deviation: number): ImageEdit =>
  (image, _shape, random) =>
    image.map((value) => byte(value + 255 * deviation * random.normal()));

const contrast =
  (factor: number): ImageEdit =>
  (image) => {
    const mean = image.reduce((a, b) => a + b, 0) / image.length;
    return image.map((value) => byte(mean + factor * (value - mean)));
  };

/** Moves the image by this many pixels in one of eight random directions; the edge fills up with 0. */
const shift =
  (pixels: number): ImageEdit =>
  (image, [height, width, channels], random) => {
    const angle = (Math.PI / 4) * random.integer(8);
    const [dy, dx] = [Math.round(Math.sin(angle) * pixels), Math.round(Math.cos(angle) * pixels)];
    return remap(image, [height, width, channels], (row, column, c) => {
      const [y, x] = [row - dy, column - dx];
      return y < 0 || x < 0 || y >= height || x >= width ? 0 : image[(y * width + x) * channels + c]!;
    });
  };

/** Mean over a square of side 2 · radius + 1, as far as it lies within the image. */
const blur =
  (radius: number): ImageEdit =>
  (image, [height, width, channels]) =>
    remap(image, [height, width, channels], (row, column, c) => {
      let sum = 0;
      let count = 0;
      for (let y = Math.max(0, row - radius); y <= Math.min(height - 1, row + radius); y++)
        for (let x = Math.max(0, column - radius); x <= Math.min(width - 1, column + radius); x++, count++)
          sum += image[(y * width + x) * channels + c]!;
      return sum / count;
    });

function remap(
  image: Uint8Array,
  [height, width, channels]: Shape,
  pixel: (row: number, column: number, channel: number) => number,
): Uint8Array {
  const result = new Uint8Array(image.length);
  let at = 0;
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++)
      for (let c = 0; c < channels; c++) result[at++] = byte(pixel(row, column, c));
  return result;
}

const dropWords =
  (share: number): TextEdit =>
  (words, random) =>
    words.filter(() => random.uniform() >= share);

const hideWords =
  (share: number): TextEdit =>
  (words, random) =>
    words.map((word) => (random.uniform() < share ? UNKNOWN_ID : word));

const swapWords =
  (share: number): TextEdit =>
  (words, random) => {
    const result = [...words];
    for (let i = 0; i + 1 < result.length; i++)
      if (random.uniform() < share) [result[i], result[i + 1]] = [result[i + 1]!, result[i]!];
    return result;
  };

const named = <Edit>(name: string, strengths: readonly number[], edit: (strength: number) => Edit) =>
  strengths.map((strength) => ({ name: `${name} ${strength}`, edit: edit(strength) }));

const images = [
  ...named('noise', [0.1, 0.2, 0.3], noise),
  ...named('shift', [2, 3, 4], shift),
  ...named('blur', [1, 2, 3], blur),
  ...named('contrast', [0.6, 0.4, 0.2], contrast),
];
const texts = [
  ...named('drop', [0.2, 0.4, 0.6], dropWords),
  ...named('hide', [0.2, 0.4, 0.6], hideWords),
  ...named('swap', [0.3, 0.6, 0.9], swapWords),
];

/** The corruptions for a kind of data. */
export function corruptions(kind: TrainingData['kind']): Corruption[] {
  if (kind === 'image')
    return images.map(({ name, edit }) => ({ name, apply: (data, seed) => corruptImages(data, edit, seed) }));
  return texts.map(({ name, edit }) => ({ name, apply: (data, seed) => corruptTexts(data, edit, seed) }));
}

function corruptImages(data: TrainingData, edit: ImageEdit, seed: number): DataPart<Uint8Array> {
  if (data.kind !== 'image' || !data.test) throw new Error('expected image data with a test part');
  const { inputs, labels, count } = data.test;
  const size = inputs.length / count;
  const corrupted = new Uint8Array(inputs.length);
  for (let i = 0; i < count; i++) {
    const image = inputs.subarray(i * size, (i + 1) * size);
    corrupted.set(edit(image, data.shape, streamOf(seed, 'corrupt', i)), i * size);
  }
  return { inputs: corrupted, labels, count };
}

function corruptTexts(data: TrainingData, edit: TextEdit, seed: number): DataPart<Int32Array> {
  if (data.kind !== 'text' || !data.test) throw new Error('expected text data with a test part');
  const { inputs, labels, count } = data.test;
  const size = inputs.length / count;
  const corrupted = new Int32Array(inputs.length).fill(PADDING_ID);
  for (let i = 0; i < count; i++) {
    const words = Array.from(inputs.subarray(i * size, (i + 1) * size)).filter((id) => id !== PADDING_ID);
    corrupted.set(edit(words, streamOf(seed, 'corrupt', i)).slice(0, size), i * size);
  }
  return { inputs: corrupted, labels, count };
}
