// Takes single files out of a zip without unpacking the rest: a TensorFlow wheel holds 10,000 files, of
// which the binding needs two libraries and a few dozen headers. Zip32 with stored or deflated entries.
import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;

/** @returns {Promise<{ name: string, method: number, packedBytes: number, offset: number }[]>} */
async function readDirectory(file, path) {
  const { size } = await file.stat();
  // The record stands at the end, behind a comment of at most 65,535 bytes.
  const tail = Buffer.alloc(Math.min(size, 65_557));
  await file.read(tail, 0, tail.length, size - tail.length);
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== END_OF_DIRECTORY) at--;
  if (at < 0) throw new Error(`${path} is not a zip file: no end record in its last ${tail.length} bytes`);
  const directory = Buffer.alloc(tail.readUInt32LE(at + 12));
  await file.read(directory, 0, directory.length, tail.readUInt32LE(at + 16));
  const entries = [];
  for (let i = 0; i + 46 <= directory.length && directory.readUInt32LE(i) === DIRECTORY_ENTRY;) {
    const nameBytes = directory.readUInt16LE(i + 28);
    entries.push({
      name: directory.toString('utf8', i + 46, i + 46 + nameBytes),
      method: directory.readUInt16LE(i + 10),
      packedBytes: directory.readUInt32LE(i + 20),
      offset: directory.readUInt32LE(i + 42),
    });
    i += 46 + nameBytes + directory.readUInt16LE(i + 30) + directory.readUInt16LE(i + 32);
  }
  return entries;
}

/**
 * Writes the entries for which `place(name)` gives a path to that path.
 *
 * @param {string} path
 * @param {(name: string) => string | undefined} place
 * @returns {Promise<number>} how many files were written
 */
export async function extractFromZip(path, place) {
  const file = await open(path, 'r');
  let written = 0;
  try {
    for (const entry of await readDirectory(file, path)) {
      const target = entry.name.endsWith('/') ? undefined : place(entry.name);
      if (target === undefined) continue;
      const header = Buffer.alloc(30);
      await file.read(header, 0, 30, entry.offset);
      if (header.readUInt32LE(0) !== LOCAL_HEADER)
        throw new Error(`${path}: ${entry.name} has no local header`);
      const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
      mkdirSync(dirname(target), { recursive: true });
      const source = createReadStream(path, { start, end: start + Math.max(entry.packedBytes - 1, 0) });
      if (entry.method === 8) await pipeline(source, createInflateRaw(), createWriteStream(target));
      else if (entry.method === 0) await pipeline(source, createWriteStream(target));
      else throw new Error(`${path}: ${entry.name} uses compression method ${entry.method}, expected 0 or 8`);
      written++;
    }
  } finally {
    await file.close();
  }
  return written;
}
