/** Tiny files in the publishers' formats, put together byte by byte, whole or deliberately wrong. For tests only. */
import { crc32, deflateRawSync } from 'node:zlib';

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u32be = (value: number): Buffer => u32(value).reverse();

/** An IDX file of unsigned bytes. */
export const idxFile = (sizes: number[], values: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from([0, 0, 8, sizes.length]), ...sizes.map(u32be), Buffer.from(values)]);

/** A binary PPM image. */
export const ppmFile = (width: number, height: number, values: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from(`P6\n# drawn by a test\n${width} ${height}\n255\n`), Buffer.from(values)]);

/** A tar archive (ustar) of plain files; `type` is the flag of a header, '0' for a file, '2' for a link. */
export function tarFile(entries: { name: string; bytes?: Buffer; type?: string; size?: number }[]): Buffer {
  const blocks = entries.flatMap(({ name, bytes = Buffer.alloc(0), type = '0', size = bytes.length }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write('0000644\0', 100);
    header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
    header.write(`${'0'.padStart(11, '0')}\0`, 136);
    header.write('        ', 148);
    header.write(type, 156);
    header.write('ustar\x0000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export interface ZipEntry {
  name: string;
  bytes: Buffer;
  /** What the archive says about the unpacked size, when that is a lie. */
  announced?: number;
  stored?: boolean;
}

/** A zip archive with local headers and a central directory. */
export function zipFile(entries: ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, announced = bytes.length, stored = false } of entries) {
    const packed = stored ? bytes : deflateRawSync(bytes);
    const nameBytes = Buffer.from(name);
    const common = Buffer.concat([
      u16(20),
      u16(0x0800),
      u16(stored ? 0 : 8),
      u32(0x00210000),
      u32(crc32(bytes)),
      u32(packed.length),
      u32(announced),
      u16(nameBytes.length),
      u16(0),
    ]);
    const local = Buffer.concat([u32(0x04034b50), common, nameBytes, packed]);
    const rest = [u16(0), u16(0), u16(0), u32(0), u32(offset), nameBytes];
    directory.push(Buffer.concat([u32(0x02014b50), u16(20), common, ...rest]));
    files.push(local);
    offset += local.length;
  }
  const directoryBytes = Buffer.concat(directory);
  const counts = [u16(0), u16(0), u16(entries.length), u16(entries.length)];
  const end = [u32(0x06054b50), ...counts, u32(directoryBytes.length), u32(offset), u16(0)];
  return Buffer.concat([...files, directoryBytes, ...end]);
}

/** A NumPy array file of version 1. */
export function npyFile(descr: string, shape: number[], data: Buffer): Buffer {
  const sizes = shape.map((size) => `${size},`).join(' ');
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }\n`;
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    u16(header.length),
    Buffer.from(header),
    data,
  ]);
}

export function int64s(values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, i) => bytes.writeBigInt64LE(BigInt(value), i * 8));
  return bytes;
}

/** The pickle (protocol 2) that NumPy makes of an array of lists, instruction by instruction. */
export function pickledLists(lists: number[][]): Buffer {
  const int = (value: number): Buffer => Buffer.concat([Buffer.from('J'), u32(value)]);
  const text = (value: string): Buffer =>
    Buffer.concat([Buffer.from('X'), u32(value.length), Buffer.from(value)]);
  const list = (values: Buffer[]): Buffer => Buffer.concat([Buffer.from(']('), ...values, Buffer.from('e')]);
  return Buffer.concat([
    Buffer.from([0x80, 2]),
    // _reconstruct(ndarray, (0,), encode('b', 'latin1'))
    Buffer.from('cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85c_codecs\nencode\n', 'latin1'),
    text('b'),
    text('latin1'),
    Buffer.from([0x86, 0x52, 0x87, 0x52]),
    // its state: (1, shape, dtype('O8', 0, 1) with a state of its own, False, contents)
    Buffer.from('(K\x01', 'latin1'),
    int(lists.length),
    Buffer.from('\x85cnumpy\ndtype\n', 'latin1'),
    text('O8'),
    Buffer.from('K\0K\x01\x87R(K\x03', 'latin1'),
    text('|'),
    Buffer.from('NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x3ftb\x89', 'latin1'),
    list(lists.map((values) => list(values.map(int)))),
    Buffer.from('tb.'),
  ]);
}
