/** A folder of images per class: `FOLDER/daisy/1.jpg`. Anything that sharp decodes; other files are left aside. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { invalidData } from '../dataset-error.ts';
import type { RawImages } from '../raw-dataset.ts';

const IMAGE = /\.(jpe?g|png|webp|gif|tiff?|avif)$/i;
const LARGEST_IMAGE_PIXELS = 50_000_000;
const LARGEST_DATASET_BYTES = 2 ** 31 - 2 ** 20;
/** Decoding runs in threads of its own; a few at once keep them busy. */
const AT_ONCE = 8;

export type ImageShape = [height: number, width: number, channels: number];

const visible = (name: string): boolean => !name.startsWith('.');

export async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && visible(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/** Files of one class, sorted, so that the same folder gives the same dataset everywhere. */
export async function imagesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => visible(name) && IMAGE.test(name)).sort();
}

async function decode(path: string, [height, width, channels]: ImageShape): Promise<Uint8Array> {
  try {
    const image = sharp(path, { limitInputPixels: LARGEST_IMAGE_PIXELS, failOn: 'error' })
      .rotate() // as the camera was held
      .resize(width, height, { fit: 'fill', kernel: 'lanczos3' })
      .flatten({ background: '#ffffff' });
    const toned = channels === 1 ? image.toColourspace('b-w') : image.toColourspace('srgb');
    const { data, info } = await toned.raw().toBuffer({ resolveWithObject: true });
    if (info.channels !== channels) throw new Error(`${info.channels} channels`);
    return data;
  } catch (cause) {
    throw invalidData('is not an image that can be read', {
      file: path,
      expected: `a whole image of at most ${LARGEST_IMAGE_PIXELS} pixels`,
      cause,
    });
  }
}

export async function readImageFolder(
  folder: string,
  classes: readonly string[],
  shape: ImageShape,
  signal?: AbortSignal,
): Promise<RawImages> {
  const files: { path: string; label: number }[] = [];
  for (const [label, name] of classes.entries()) {
    const known = await stat(join(folder, name)).catch(() => undefined);
    if (!known?.isDirectory()) continue;
    for (const file of await imagesIn(join(folder, name)))
      files.push({ path: join(folder, name, file), label });
  }
  const size = shape[0] * shape[1] * shape[2];
  if (files.length * size > LARGEST_DATASET_BYTES)
    throw invalidData('has more images than fit into memory at this size', {
      file: basename(folder),
      expected: `at most ${LARGEST_DATASET_BYTES} bytes`,
      found: `${files.length} × ${size}`,
    });
  const inputs = new Uint8Array(files.length * size);
  for (let start = 0; start < files.length; start += AT_ONCE) {
    signal?.throwIfAborted();
    const batch = files.slice(start, start + AT_ONCE);
    const decoded = await Promise.all(batch.map(({ path }) => decode(path, shape)));
    decoded.forEach((pixels, i) => inputs.set(pixels, (start + i) * size));
  }
  return { inputs, labels: Int32Array.from(files, ({ label }) => label) };
}
