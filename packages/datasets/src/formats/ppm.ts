/**
 * PPM with binary pixels: 'P6', width, height and greatest value as text between white space (and comments from '#'
 * to the end of a line), one white space, then height · width · 3 bytes.
 */
import { invalidData } from '../dataset-error.ts';

export interface PixelImage {
  width: number;
  height: number;
  channels: number;
  /** Row, column, channel. */
  pixels: Uint8Array;
}

const HEADER = /^P6(?:\s|#[^\n]*\n)+(\d{1,5})(?:\s|#[^\n]*\n)+(\d{1,5})(?:\s|#[^\n]*\n)+(\d{1,5})\s/;

export function parsePpm(bytes: Buffer, file: string): PixelImage {
  const start = bytes.toString('latin1', 0, 512);
  const header = HEADER.exec(start);
  if (!header)
    throw invalidData('is not a binary PPM image', {
      file,
      expected: "'P6', width, height and 255",
      found: JSON.stringify(start.slice(0, 16)),
    });
  const [width, height, greatest] = [Number(header[1]), Number(header[2]), Number(header[3])];
  if (greatest !== 255 || width === 0 || height === 0)
    throw invalidData('has pixels of another form', {
      file,
      expected: 'one byte per value (greatest value 255) and at least one pixel',
      found: `${width} × ${height}, greatest value ${greatest}`,
    });
  const pixels = bytes.subarray(header[0].length);
  if (pixels.length < width * height * 3)
    throw invalidData('has too few pixels', {
      file,
      expected: `${width * height * 3} bytes for ${width} × ${height}`,
      found: String(pixels.length),
    });
  return { width, height, channels: 3, pixels: pixels.subarray(0, width * height * 3) };
}
