/**
 * Drawn, not photographed: one coloured shape per 32 × 32 image on a background of another colour, with noise. Made
 * to exercise colour images where no photographs can be fetched; scores on it say nothing about real pictures, and
 * it is labelled as synthetic wherever it shows.
 *
 * (cx, cy) centre, r radius, a rotation, all drawn from a seeded stream; a pixel belongs to the shape when
 * inside(u, v) holds for its rotated, scaled offset (u, v) from the centre.
 */
import { streamOf, type RandomStream } from '@onegin/contracts';
import type { PrepareContext, DatasetSource } from '../dataset-source.ts';
import type { ImageForm, RawImageDataset } from '../raw-dataset.ts';

const SIDE = 32;
const CHANNELS = 3;
const SAMPLES = 4_000;
const SEED = 7;
/** Noise is uniform in ±NOISE, one random number of 32 bits for the three channels of a pixel. */
const NOISE = 30;
/** Smallest distance of the two colours over the three channels; below it the shape could not be seen. */
const CONTRAST = 120;

const insideTriangle = (u: number, v: number): boolean => v < 0.5 && Math.abs(u) < (v + 1) / 1.732;

const SHAPES: Record<string, (u: number, v: number) => boolean> = {
  circle: (u, v) => u * u + v * v < 0.8,
  square: (u, v) => Math.max(Math.abs(u), Math.abs(v)) < 0.75,
  triangle: insideTriangle,
  cross: (u, v) => Math.min(Math.abs(u), Math.abs(v)) < 0.28 && Math.max(Math.abs(u), Math.abs(v)) < 0.95,
  ring: (u, v) => u * u + v * v < 0.9 && u * u + v * v > 0.35,
  bar: (u, v) => Math.abs(u) < 0.3 && Math.abs(v) < 1,
  star: (u, v) => insideTriangle(u, v) || insideTriangle(u, -v),
  crescent: (u, v) => u * u + v * v < 0.9 && (u - 0.45) ** 2 + v * v > 0.55,
};
const CLASSES = Object.keys(SHAPES);
const FORM: ImageForm = { kind: 'image', shape: [SIDE, SIDE, CHANNELS], classes: CLASSES };

function twoColours(stream: RandomStream): [number[], number[]] {
  const colour = (): number[] => [stream.integer(256), stream.integer(256), stream.integer(256)];
  const back = colour();
  for (;;) {
    const front = colour();
    if (front.reduce((sum, value, c) => sum + Math.abs(value - back[c]!), 0) >= CONTRAST)
      return [back, front];
  }
}

function draw(
  into: Uint8Array,
  at: number,
  inside: (u: number, v: number) => boolean,
  stream: RandomStream,
): void {
  const [back, front] = twoColours(stream);
  const radius = 6 + 8 * stream.uniform();
  const centre = (): number => radius * 0.8 + stream.uniform() * (SIDE - 1.6 * radius);
  const [cx, cy, angle] = [centre(), centre(), 2 * Math.PI * stream.uniform()];
  const [cos, sin] = [Math.cos(angle) / radius, Math.sin(angle) / radius];
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const [dx, dy] = [x - cx, y - cy];
      const colour = inside(cos * dx + sin * dy, cos * dy - sin * dx) ? front : back;
      const bits = stream.nextUint32();
      for (let c = 0; c < CHANNELS; c++) {
        const noise = (((bits >>> (8 * c)) & 0xff) / 127.5 - 1) * NOISE;
        into[at++] = Math.max(0, Math.min(255, Math.round(colour[c]! + noise)));
      }
    }
  }
}

async function prepare({ signal }: PrepareContext): Promise<RawImageDataset> {
  const size = SIDE * SIDE * CHANNELS;
  const inputs = new Uint8Array(SAMPLES * size);
  const labels = Int32Array.from({ length: SAMPLES }, (_, i) => i % CLASSES.length);
  for (let i = 0; i < SAMPLES; i++) {
    signal?.throwIfAborted();
    draw(inputs, i * size, SHAPES[CLASSES[labels[i]!]!]!, streamOf(SEED, 'shapes', i));
  }
  return { ...FORM, train: { inputs, labels } };
}

export const shapes: DatasetSource = {
  info: {
    name: 'shapes',
    title: 'Shapes (synthetic)',
    description:
      'Synthetic: coloured shapes drawn by a program, 32 × 32 pixels in colour; needs no download.',
    ...FORM,
    sizes: { train: 3_200, validation: 400, test: 400 },
    licence: 'MIT (drawn by Onegin)',
    synthetic: true,
    bundled: true,
    downloads: [],
  },
  revision: 1,
  prepare,
};
