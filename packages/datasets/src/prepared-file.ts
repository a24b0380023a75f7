/**
 * The cache's file form: one file per dataset, so that it appears and is shared as a whole.
 *
 *   bytes 0…7        'ONEGIND1'
 *   bytes 8…11       length of the header, uint32 little-endian
 *   header           JSON: kind, shape, classes, words, and where each array lies
 *   from `dataStart` the arrays, each at a multiple of 8, little-endian, as they are used
 *
 * A file is written under another name, flushed and then renamed: there is no half-written one to be found, whatever
 * ends the process. The SHA-256 of the arrays is in the header and is checked at every reading.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import type { OneginError } from '@onegin/contracts';
import { invalidData, notWritable } from './dataset-error.ts';
import type { RawDataset, RawPart } from './raw-dataset.ts';

const MAGIC = 'ONEGIND1';
const ALIGNMENT = 8;

const ARRAY_TYPES = { uint8: Uint8Array, int32: Int32Array } as const;
type StoredArray = Uint8Array | Int32Array;

const headerSchema = z.strictObject({
  kind: z.enum(['image', 'text']),
  shape: z.array(z.int().positive()),
  classes: z.array(z.string()),
  words: z.array(z.string()).optional(),
  sha256: z.string(),
  arrays: z.array(
    z.strictObject({
      name: z.string(),
      type: z.enum(['uint8', 'int32']),
      at: z.int().nonnegative(),
      length: z.int().nonnegative(),
    }),
  ),
});
type Header = z.infer<typeof headerSchema>;

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
const bytesOf = (array: StoredArray): Buffer => Buffer.from(array.buffer, array.byteOffset, array.byteLength);

/** The arrays of a dataset by name: 'train.inputs', 'test.labels' and so on. */
function arraysOf(dataset: RawDataset): [string, StoredArray][] {
  const found: [string, StoredArray][] = [];
  for (const part of ['train', 'test'] as const) {
    for (const [field, array] of Object.entries(dataset[part] ?? {})) {
      if (array) found.push([`${part}.${field}`, array as StoredArray]);
    }
  }
  return found;
}

/** Everything but the sum, which is only known once all arrays are laid out. */
function layOut(dataset: RawDataset): { header: Header; pieces: Buffer[] } {
  const hash = createHash('sha256');
  const pieces: Buffer[] = [];
  const arrays: Header['arrays'] = [];
  let at = 0;
  for (const [name, array] of arraysOf(dataset)) {
    arrays.push({ name, type: array instanceof Uint8Array ? 'uint8' : 'int32', at, length: array.length });
    const padded = [bytesOf(array), Buffer.alloc(aligned(array.byteLength) - array.byteLength)];
    for (const piece of padded) {
      if (piece.length === 0) continue;
      hash.update(piece);
      pieces.push(piece);
    }
    at += aligned(array.byteLength);
  }
  const header: Header = {
    kind: dataset.kind,
    shape: dataset.shape,
    classes: dataset.classes,
    ...(dataset.kind === 'text' && { words: dataset.words }),
    sha256: hash.digest('hex'),
    arrays,
  };
  return { header, pieces };
}

/** @throws OneginError `dataset-unavailable`, with the system's reason, and leaves nothing behind */
export async function writePreparedFile(path: string, dataset: RawDataset): Promise<void> {
  const { header, pieces } = layOut(dataset);
  const json = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(aligned(MAGIC.length + 4 + json.length), ' ');
  start.write(MAGIC);
  // The header's length counts the spaces after it, which JSON ignores, so that the arrays begin aligned.
  start.writeUInt32LE(start.length - MAGIC.length - 4, MAGIC.length);
  json.copy(start, MAGIC.length + 4);
  const fresh = `${path}.${randomUUID()}.new`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(fresh, 'wx');
    try {
      for (const piece of [start, ...pieces]) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } catch (cause) {
    await rm(fresh, { force: true }).catch(() => undefined);
    throw notWritable(path, cause);
  }
}

/** Reads the file at once; the arrays are views into the bytes read. @throws OneginError when it is damaged */
export async function readPreparedFile(path: string): Promise<RawDataset> {
  const damaged = (expected: string, found: string): OneginError =>
    invalidData('is not a prepared dataset', { file: basename(path), expected, found });
  const bytes = await readFile(path);
  if (bytes.toString('latin1', 0, 8) !== MAGIC) {
    throw damaged(`'${MAGIC}' at its start`, `'${bytes.toString('latin1', 0, 8)}'`);
  }
  const { header, dataStart } = readHeader(bytes, damaged);
  const data = bytes.subarray(dataStart);
  const sum = createHash('sha256').update(data).digest('hex');
  if (sum !== header.sha256) throw damaged(`sha256 ${header.sha256}`, sum);
  for (const { name, type, at, length } of header.arrays) {
    const end = at + length * ARRAY_TYPES[type].BYTES_PER_ELEMENT;
    if (end > data.length) throw damaged(`${name} within ${data.length} bytes`, `up to byte ${end}`);
  }
  return assemble(header, data);
}

function readHeader(
  bytes: Buffer,
  damaged: (expected: string, found: string) => OneginError,
): { header: Header; dataStart: number } {
  try {
    const dataStart = MAGIC.length + 4 + bytes.readUInt32LE(MAGIC.length);
    const text = bytes.toString('utf8', MAGIC.length + 4, dataStart);
    return { header: headerSchema.parse(JSON.parse(text)), dataStart };
  } catch (cause) {
    throw damaged('a header', (cause as Error).message.slice(0, 120));
  }
}

function assemble(header: Header, data: Buffer): RawDataset {
  const parts: Record<string, Record<string, StoredArray>> = {};
  for (const { name, type, at, length } of header.arrays) {
    const [part, field] = name.split('.') as [string, string];
    // A fresh buffer starts at a multiple of 8 and so does every array; small reads may share a pool that doesn't.
    const start = data.byteOffset + at;
    const Type = ARRAY_TYPES[type];
    const array =
      start % Type.BYTES_PER_ELEMENT === 0
        ? new Type(data.buffer as ArrayBuffer, start, length)
        : new Type(Uint8Array.from(data.subarray(at, at + length * Type.BYTES_PER_ELEMENT)).buffer);
    (parts[part] ??= {})[field] = array;
  }
  const { kind, shape, classes, words } = header;
  const part = (name: string): RawPart | undefined => parts[name] as unknown as RawPart | undefined;
  const test = part('test');
  return {
    kind,
    shape,
    classes,
    ...(words && { words }),
    train: part('train'),
    ...(test && { test }),
  } as RawDataset;
}
