import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { inTemporaryFolder } from '../testing/temporary-folder.ts';
import { int64s, npyFile, pickledLists, zipFile } from '../testing/tiny-files.ts';
import { parseNpy, readNpz } from './npy.ts';
import { unpickleLists } from './pickle.ts';

describe('NPY', () => {
  test('reads whole numbers', () => {
    expect(parseNpy(npyFile('<i8', [3], int64s([1, -2, 2 ** 40])), 'y')).toEqual({
      shape: [3],
      values: [1, -2, 2 ** 40],
    });
    expect(parseNpy(npyFile('|u1', [2, 2], Buffer.of(1, 2, 3, 255)), 'y').values).toEqual([1, 2, 3, 255]);
  });

  test.each([
    ['not an array', Buffer.from('something else entirely'), 'is not a NumPy array'],
    ['too few values', npyFile('<i8', [3], int64s([1, 2])), 'has too few values'],
    [
      'more values than there can be',
      npyFile('|u1', [2 ** 31, 2 ** 31], Buffer.alloc(4)),
      'has too few values',
    ],
    ['an unknown type', npyFile('<c16', [1], Buffer.alloc(16)), 'has values of an unknown type'],
  ])('%s', (_, bytes, what) => {
    expect(() => parseNpy(bytes, 'y.npy')).toThrow(`y.npy: ${what}`);
  });

  test('a header longer than any array needs', () => {
    const magic = 10;
    const padded = (length: number): Buffer => {
      const file = npyFile('<i8', [1], int64s([7]));
      const end = magic + file.readUInt16LE(8);
      file.writeUInt16LE(length - magic, 8);
      return Buffer.concat([file.subarray(0, end), Buffer.alloc(length - end, ' '), file.subarray(end)]);
    };
    expect(parseNpy(padded(10_000), 'y').values).toEqual([7]);
    expect(() => parseNpy(padded(10_001), 'y')).toThrow('expected at most 10000 bytes, found 10001');
  });
});

describe('pickled lists', () => {
  const lists = [[1, 300], [], [70_000, 5, 6]];

  test('are read without running anything', () => {
    expect(unpickleLists(pickledLists(lists), 3, 'x')).toEqual(lists);
    expect(parseNpy(npyFile('|O', [3], pickledLists(lists)), 'x').values).toEqual(lists);
  });

  // pickle.dumps(array, protocol) of NumPy 2.4 for the same lists.
  test.each([
    [
      2,
      'gAJjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsAhXECY19jb2RlY3MKZW5jb2RlCnEDWAEAAABicQRYBgAAAGxhdGluMXEFhnEGUnEHh3EIUnEJKEsBSwOFcQpjbnVtcHkKZHR5cGUKcQtYAgAAAE84cQyJiIdxDVJxDihLA1gBAAAAfHEPTk5OSv////9K/////0s/dHEQYoldcREoXXESKEsBTSwBZV1xE11xFChKcBEBAEsFSwZlZXRxFWIu',
    ],
    [
      3,
      'gANjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQBjbnVtcHkKbmRhcnJheQpxAUsAhXECQwFicQOHcQRScQUoSwFLA4VxBmNudW1weQpkdHlwZQpxB1gCAAAATzhxCImIh3EJUnEKKEsDWAEAAAB8cQtOTk5K/////0r/////Sz90cQxiiV1xDShdcQ4oSwFNLAFlXXEPXXEQKEpwEQEASwVLBmVldHERYi4=',
    ],
    [
      4,
      'gASVogAAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsDhZRoA4wFZHR5cGWUk5SMAk84lImIh5RSlChLA4wBfJROTk5K/////0r/////Sz90lGKJXZQoXZQoSwFNLAFlXZRdlChKcBEBAEsFSwZlZXSUYi4=',
    ],
    [
      5,
      'gAWVogAAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsDhZRoA4wFZHR5cGWUk5SMAk84lImIh5RSlChLA4wBfJROTk5K/////0r/////Sz90lGKJXZQoXZQoSwFNLAFlXZRdlChKcBEBAEsFSwZlZXSUYi4=',
    ],
  ])('as Python writes them with protocol %i', (_, base64) => {
    expect(unpickleLists(Buffer.from(base64, 'base64'), 3, 'x')).toEqual(lists);
  });

  test('cut off anywhere: a coded error', () => {
    const bytes = pickledLists(lists);
    for (let end = 0; end < bytes.length - 1; end++) {
      expect(() => unpickleLists(bytes.subarray(0, end), 3, 'x')).toThrow(
        expect.objectContaining({ name: 'OneginError', code: 'dataset-invalid' }),
      );
    }
  });

  test('a list that is named again and again instead of written', () => {
    const bytes = pickledLists([[...Array(1000).keys()], [7]]);
    // The last list gives way to memo entry 0, which is made of the first, forty times.
    const ends = bytes.lastIndexOf(Buffer.from(']('));
    const first = bytes.indexOf(Buffer.from(']('));
    const outer = bytes.subarray(0, first);
    const list = bytes.subarray(first + 2, ends);
    const again = Buffer.from('h\0'.repeat(40), 'latin1');
    const bomb = Buffer.concat([
      outer,
      Buffer.from(']('),
      list,
      Buffer.from('q\0', 'latin1'),
      again,
      Buffer.from('etb.'),
    ]);
    expect(() => unpickleLists(bomb, 41, 'x')).toThrow('x: holds pickled data that repeats itself');
  });

  test('a call of anything else is refused by name', () => {
    const attack = Buffer.from('\x80\x02cposix\nsystem\nX\x04\x00\x00\x00echo\x85R.', 'latin1');
    expect(() => unpickleLists(attack, 1, 'x')).toThrow('a call of posix system');
  });

  test('instructions of other programs are refused', () => {
    expect(() => unpickleLists(Buffer.from('\x80\x02}.', 'latin1'), 1, 'x')).toThrow('(0x7d)');
  });

  test('another number of lists than the shape says', () => {
    expect(() => unpickleLists(pickledLists(lists), 2, 'x')).toThrow('expected 2 lists of whole numbers');
  });
});

describe('NPZ', () => {
  // np.savez(file, x=lists, y=np.array([3, 45])) of NumPy 2.4.
  const byNumpy =
    'UEsDBC0AAAAAAAAAIQD40F/G//////////8FABQAeC5ucHkBABAALQEAAAAAAAAtAQAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJ3xPJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKgASVogAAAAAAAACMFm51bXB5Ll9jb3JlLm11bHRpYXJyYXmUjAxfcmVjb25zdHJ1Y3SUk5SMBW51bXB5lIwHbmRhcnJheZSTlEsAhZRDAWKUh5RSlChLAUsDhZRoA4wFZHR5cGWUk5SMAk84lImIh5RSlChLA4wBfJROTk5K/////0r/////Sz90lGKJXZQoXZQoSwFNLAFlXZRdlChKcBEBAEsFSwZlZXSUYi5QSwMELQAAAAAAAAAhAJWp6k7//////////wUAFAB5Lm5weQEAEACQAAAAAAAAAJAAAAAAAAAAk05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoDAAAAAAAAAC0AAAAAAAAAUEsBAi0DLQAAAAAAAAAhAPjQX8YtAQAALQEAAAUAAAAAAAAAAAAAAIABAAAAAHgubnB5UEsBAi0DLQAAAAAAAAAhAJWp6k6QAAAAkAAAAAUAAAAAAAAAAAAAAIABZAEAAHkubnB5UEsFBgAAAAACAAIAZgAAACsCAAAAAA==';

  test('is read as NumPy writes it', async () => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'x.npz');
      await writeFile(path, Buffer.from(byNumpy, 'base64'));
      const { x, y } = await readNpz(path, ['x', 'y']);
      expect([x.values, y.values]).toEqual([
        [[1, 300], [], [70_000, 5, 6]],
        [3, 45],
      ]);
    });
  });

  test('gives the named arrays and misses those that are not there', async () => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'reuters.npz');
      const x = npyFile('|O', [2], pickledLists([[1], [2, 3]]));
      await writeFile(path, zipFile([{ name: 'x.npy', bytes: x, stored: true }]));
      expect(await readNpz(path, ['x'])).toEqual({ x: { shape: [2], values: [[1], [2, 3]] } });
      await expect(readNpz(path, ['x', 'y'])).rejects.toThrow(
        'reuters.npz: lacks an array: expected x, y, found x',
      );
    });
  });
});
