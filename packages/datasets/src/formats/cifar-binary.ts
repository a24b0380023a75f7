/**
 * The binary version of CIFAR: records of `labelBytes` label bytes and 3,072 pixel bytes, one plane of 32 × 32 per
 * channel (red, green, blue). CIFAR-10 has one label byte; CIFAR-100 has a coarse one and then the fine one, which is
 * the label here.
 */
import { invalidData } from '../dataset-error.ts';
import type { RawImages } from '../raw-dataset.ts';

export const CIFAR_SIDE = 32;
const PLANE = CIFAR_SIDE * CIFAR_SIDE;
const CHANNELS = 3;
const PIXELS = PLANE * CHANNELS;

export function parseCifarBinary(bytes: Uint8Array, labelBytes: 1 | 2, file: string): RawImages {
  const record = labelBytes + PIXELS;
  if (bytes.length === 0 || bytes.length % record !== 0)
    throw invalidData('does not hold whole records', {
      file,
      expected: `a multiple of ${record} bytes`,
      found: String(bytes.length),
    });
  const count = bytes.length / record;
  const inputs = new Uint8Array(count * PIXELS);
  const labels = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = bytes[i * record + labelBytes - 1]!;
    const from = i * record + labelBytes;
    for (let p = 0, to = i * PIXELS; p < PLANE; p++) {
      for (let c = 0; c < CHANNELS; c++) inputs[to++] = bytes[from + c * PLANE + p]!;
    }
  }
  return { inputs, labels };
}

/** Several batches as one part. */
export function joinImages(parts: readonly RawImages[]): RawImages {
  const labels = new Int32Array(parts.reduce((sum, part) => sum + part.labels.length, 0));
  const inputs = new Uint8Array(parts.reduce((sum, part) => sum + part.inputs.length, 0));
  let [pixel, label] = [0, 0];
  for (const part of parts) {
    inputs.set(part.inputs, pixel);
    labels.set(part.labels, label);
    pixel += part.inputs.length;
    label += part.labels.length;
  }
  return { inputs, labels };
}
