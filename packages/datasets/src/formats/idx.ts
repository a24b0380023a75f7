/**
 * IDX, the format of MNIST and Fashion-MNIST (big-endian):
 *
 *   0…1  zero        2  type of a value (0x08: unsigned byte)      3  number of dimensions d
 *   4…   d sizes, uint32 each, then the values, last dimension fastest
 */
import { basename } from 'node:path';
import type { OneginError } from '@onegin/contracts';
import { invalidData } from '../dataset-error.ts';
import { readGzip } from './gzip.ts';
import { LARGEST_IDX } from './limits.ts';

const UNSIGNED_BYTE = 0x08;

export interface IdxArray {
  sizes: number[];
  values: Uint8Array;
}

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

/** @param dimensions how many the file must have: 3 for images, 1 for labels */
export function parseIdx(bytes: Buffer, dimensions: number, file: string): IdxArray {
  const magic = Buffer.from([0, 0, UNSIGNED_BYTE, dimensions]);
  const headerBytes = 4 + 4 * dimensions;
  if (bytes.length < 4 || !bytes.subarray(0, 4).equals(magic))
    throw invalidData('has a wrong magic number', {
      file,
      expected: hex(magic),
      found: bytes.length < 4 ? `${bytes.length} bytes` : hex(bytes.subarray(0, 4)),
    });
  const truncated = (expected: number): OneginError =>
    invalidData('is shorter than its header says', {
      file,
      expected: `${expected} bytes`,
      found: `${bytes.length}`,
    });
  if (bytes.length < headerBytes) throw truncated(headerBytes);
  const sizes = Array.from({ length: dimensions }, (_, d) => bytes.readUInt32BE(4 + 4 * d));
  const expected = headerBytes + sizes.reduce((product, size) => product * size, 1);
  if (bytes.length < expected) throw truncated(expected);
  if (bytes.length > expected)
    throw invalidData('is longer than its header says', {
      file,
      expected: `${expected} bytes`,
      found: `${bytes.length}`,
    });
  return { sizes, values: Uint8Array.from(bytes.subarray(headerBytes)) };
}

export async function readIdxGzip(path: string, dimensions: number, signal?: AbortSignal): Promise<IdxArray> {
  return parseIdx(await readGzip(path, { maxBytes: LARGEST_IDX, signal }), dimensions, basename(path));
}
