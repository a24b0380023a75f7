/**
 * NPY, one array of NumPy, and NPZ, a zip of them.
 *
 *   0…5  '\x93NUMPY'   6  major version   7  minor   8…  length of the header (uint16, from version 2 on uint32)
 *   header: a Python literal, {'descr': '<i8', 'fortran_order': False, 'shape': (25000,), }
 *
 * Arrays of objects ('|O') are pickled; `pickle.ts` reads the lists of numbers in them without running anything.
 */
import { basename } from 'node:path';
import type { OneginError } from '@onegin/contracts';
import { invalidData } from '../dataset-error.ts';
import { ARRAY_LIMITS } from './limits.ts';
import { unpickleLists } from './pickle.ts';
import { readZip } from './zip.ts';

export interface NpyArray {
  shape: number[];
  /** Numbers in C order; an array of objects has its lists here. */
  values: number[] | number[][];
}

/** As NumPy itself does, so that nobody is made to parse more. */
const LONGEST_HEADER = 10_000;
const MAGIC = Buffer.from('\x93NUMPY', 'latin1');

type ReadNumber = (bytes: Buffer, at: number) => number;
const NUMBERS: Record<string, [size: number, read: ReadNumber]> = {
  '|b1': [1, (bytes, at) => bytes.readUInt8(at)],
  '|u1': [1, (bytes, at) => bytes.readUInt8(at)],
  '|i1': [1, (bytes, at) => bytes.readInt8(at)],
  '<u2': [2, (bytes, at) => bytes.readUInt16LE(at)],
  '<i2': [2, (bytes, at) => bytes.readInt16LE(at)],
  '<i4': [4, (bytes, at) => bytes.readInt32LE(at)],
  '<u4': [4, (bytes, at) => bytes.readUInt32LE(at)],
  '<i8': [8, (bytes, at) => Number(bytes.readBigInt64LE(at))],
  '<f4': [4, (bytes, at) => bytes.readFloatLE(at)],
  '<f8': [8, (bytes, at) => bytes.readDoubleLE(at)],
};

export function parseNpy(bytes: Buffer, file: string): NpyArray {
  const wrong = (what: string, expected: string, found: string): OneginError =>
    invalidData(what, { file, expected, found });
  if (bytes.length < 12 || !bytes.subarray(0, 6).equals(MAGIC)) {
    throw wrong('is not a NumPy array', "'\\x93NUMPY'", JSON.stringify(bytes.toString('latin1', 0, 6)));
  }
  const wide = bytes[6]! >= 2;
  const start = (wide ? 12 : 10) + (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  if (start > LONGEST_HEADER)
    throw wrong('has a header that no array needs', `at most ${LONGEST_HEADER} bytes`, String(start));
  const header = bytes.toString('latin1', wide ? 12 : 10, start);
  const descr = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (!descr || !fortran || sizes === undefined) {
    throw wrong('has a header that cannot be read', 'descr, fortran_order and shape', header.slice(0, 80));
  }
  const shape = sizes
    .split(',')
    .filter((size) => size.trim())
    .map(Number);
  const count = shape.reduce((product, size) => product * size, 1);
  if (fortran === 'True' && shape.length > 1) throw wrong('is stored by columns', 'C order', 'Fortran order');
  if (descr === '|O') return { shape, values: unpickleLists(bytes.subarray(start), count, file) };
  const number = NUMBERS[descr];
  if (!number) throw wrong('has values of an unknown type', Object.keys(NUMBERS).join(' '), descr);
  const [size, read] = number;
  if (bytes.length - start < count * size)
    throw invalidData('has too few values', {
      file,
      expected: `${count * size} bytes for shape (${shape.join()})`,
      found: String(bytes.length - start),
    });
  return { shape, values: Array.from({ length: count }, (_, i) => read(bytes, start + i * size)) };
}

/** The named arrays of an .npz file. @throws OneginError when one of them is missing */
export async function readNpz<N extends string>(
  path: string,
  names: readonly N[],
  signal?: AbortSignal,
): Promise<Record<N, NpyArray>> {
  const archive = basename(path);
  const found = new Map<string, NpyArray>();
  const wanted = (entry: string): boolean => names.some((name) => entry === `${name}.npy`);
  for await (const { name, bytes } of readZip(path, { wanted, limits: ARRAY_LIMITS, signal })) {
    found.set(name.replace(/\.npy$/, ''), parseNpy(bytes, `${archive} › ${name}`));
  }
  const missing = names.filter((name) => !found.has(name));
  if (missing.length)
    throw invalidData('lacks an array', {
      file: archive,
      expected: names.join(', '),
      found: [...found.keys()].join(', ') || 'none of them',
    });
  return Object.fromEntries(found) as Record<N, NpyArray>;
}
