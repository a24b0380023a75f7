import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { inTemporaryFolder } from '../testing/temporary-folder.ts';
import { tarFile, zipFile } from '../testing/tiny-files.ts';
import { DEFAULT_LIMITS, type ArchiveLimits } from './limits.ts';
import { readTarGzip, type ArchiveEntry } from './tar-gzip.ts';
import { readZip } from './zip.ts';

interface Kind {
  kind: string;
  pack: (entries: { name: string; bytes: Buffer }[]) => Buffer;
  read: typeof readZip;
}
const kinds: Kind[] = [
  { kind: 'tar.gz', pack: (entries) => gzipSync(tarFile(entries)), read: readTarGzip },
  { kind: 'zip', pack: (entries) => zipFile(entries), read: readZip },
];

function readAll(
  read: typeof readZip,
  bytes: Buffer,
  {
    limits,
    wanted = () => true,
  }: { limits?: Partial<ArchiveLimits>; wanted?: (name: string) => boolean } = {},
): Promise<ArchiveEntry[]> {
  return inTemporaryFolder(async (folder) => {
    const path = join(folder, 'archive');
    await writeFile(path, bytes);
    const entries: ArchiveEntry[] = [];
    for await (const entry of read(path, { wanted, limits: { ...DEFAULT_LIMITS, ...limits } }))
      entries.push(entry);
    return entries;
  });
}

const a = { name: 'a/one.bin', bytes: Buffer.from('first') };
const b = { name: 'a/two.bin', bytes: Buffer.alloc(2000, 7) };

describe.each(kinds)('$kind', ({ pack, read }) => {
  test('gives the wanted files with their bytes', async () => {
    expect(await readAll(read, pack([a, b]))).toEqual([a, b]);
    expect(await readAll(read, pack([a, b]), { wanted: (name) => name.endsWith('two.bin') })).toEqual([b]);
  });

  test.each(['../evil', 'a/../../evil', '/etc/passwd', 'C:/evil', 'a\\evil'])(
    'refuses the entry %s',
    async (name) => {
      await expect(readAll(read, pack([a, { name, bytes: Buffer.from('x') }]))).rejects.toMatchObject({
        code: 'dataset-invalid',
        message: expect.stringContaining('points outside of its folder'),
        problems: [expect.objectContaining({ field: 'archive', found: JSON.stringify(name) })],
      });
    },
  );

  test('stops at too many entries, too large an entry and too much in all', async () => {
    for (const limits of [{ entries: 1 }, { entryBytes: 1000 }, { totalBytes: 2003 }]) {
      await expect(readAll(read, pack([a, b]), { limits })).rejects.toThrow(/any dataset needs/);
    }
  });

  test('a cut-off archive', async () => {
    const bytes = pack([a, b]);
    await expect(readAll(read, bytes.subarray(0, bytes.length - 30))).rejects.toMatchObject({
      code: 'dataset-invalid',
      message: expect.stringMatching(/^archive: /),
    });
  });

  test('something else under this name', async () => {
    await expect(readAll(read, Buffer.from('<html>Not found</html>'))).rejects.toThrow(
      'is damaged or not a ',
    );
  });
});

describe('tar.gz only', () => {
  test('gzip of something that is no tar', async () => {
    await expect(readAll(readTarGzip, gzipSync(Buffer.alloc(2048, 'x')))).rejects.toThrow(
      'is damaged or not a tar archive',
    );
  });

  test('links are not followed', async () => {
    const bytes = gzipSync(tarFile([{ name: 'link', type: '2' }, a]));
    expect(await readAll(readTarGzip, bytes)).toEqual([a]);
  });

  test('a header that announces 10 GB costs nothing', async () => {
    const bytes = gzipSync(tarFile([{ name: 'big', size: 8_000_000_000 }]));
    await expect(readAll(readTarGzip, bytes)).rejects.toThrow('any dataset needs');
  });
});

describe('tar.gz only: bombs', () => {
  test('what nobody asked for is not unpacked without end', async () => {
    const bytes = gzipSync(tarFile([{ name: 'unwanted', bytes: Buffer.alloc(50_000_000) }, a]));
    expect(bytes.length).toBeLessThan(100_000);
    const limits = { streamBytes: 1_000_000 };
    await expect(readAll(readTarGzip, bytes, { limits, wanted: (name) => name === a.name })).rejects.toThrow(
      'archive: unpacks to more than any dataset needs',
    );
  });

  test.each(['x', 'g', 'L', 'K'])('a header of type %s that would fill the memory', async (type) => {
    const bytes = gzipSync(tarFile([{ name: 'long', type, bytes: Buffer.alloc(20_000_000, 'a') }, a]));
    await expect(readAll(readTarGzip, bytes)).rejects.toThrow('is damaged or not a ');
  });
});

describe('zip only', () => {
  test('an announcement of 4 GB is refused before unpacking', async () => {
    const bytes = zipFile([{ ...a, announced: 0xfffffff0 }]);
    await expect(readAll(readZip, bytes)).rejects.toThrow('any dataset needs');
  });

  test('a bomb that announces little is stopped when it delivers more', async () => {
    const bytes = zipFile([{ name: 'bomb', bytes: Buffer.alloc(50_000_000), announced: 100 }]);
    await expect(readAll(readZip, bytes)).rejects.toMatchObject({ code: 'dataset-invalid' });
  });
});
