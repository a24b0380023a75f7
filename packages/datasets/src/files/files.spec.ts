import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DatasetDownload } from '@onegin/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DatasetSource } from '../dataset-source.ts';
import { mnist10k } from '../samples/mnist-10k.ts';
import { inTemporaryFolder } from '../testing/temporary-folder.ts';
import { verifyDataset } from '../verify-dataset.ts';
import { fetchDataset } from '../fetch-dataset.ts';
import { downloadFile, type DownloadProgress } from './download.ts';
import { obtainFiles } from './obtain-files.ts';

const CONTENT = Buffer.from('the real file '.repeat(1000));
const sha256 = createHash('sha256').update(CONTENT).digest('hex');

let server: Server;
let home = '';
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/good') response.end(CONTENT);
    else if (request.url === '/tampered') response.end(Buffer.concat([CONTENT, Buffer.from('!')]));
    else if (request.url === '/cut') {
      response.writeHead(200, { 'content-length': CONTENT.length });
      response.write(CONTENT.subarray(0, 100), () => response.destroy());
    } else {
      response.writeHead(404);
      response.end('no such file');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const file = (paths: string[], extra: Partial<DatasetDownload> = {}): DatasetDownload => ({
  file: 'data.bin',
  urls: paths.map((path) => home + path),
  checksum: { algorithm: 'sha256', value: sha256 },
  ...extra,
});

describe('downloadFile', () => {
  test('tries the addresses in turn, reports progress, and the file appears checked', async () => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'deep', 'data.bin');
      const progress: DownloadProgress[] = [];
      await downloadFile(file(['/gone', '/cut', '/tampered', '/good']), path, {
        onProgress: (p) => progress.push(p),
      });
      expect(await readFile(path)).toEqual(CONTENT);
      expect(progress.at(-1)).toEqual({
        file: 'data.bin',
        bytes: CONTENT.length,
        totalBytes: CONTENT.length,
      });
      expect(await readdir(join(folder, 'deep'))).toEqual(['data.bin']);
    });
  });

  test.each([
    ['/gone', 'status 404'],
    ['/cut', 'terminated'],
    ['/tampered', 'expected sha256'],
  ])('%s: a coded error that says why, and nothing half-written', async (path, reason) => {
    await inTemporaryFolder(async (folder) => {
      await expect(downloadFile(file([path]), join(folder, 'data.bin'))).rejects.toMatchObject({
        code: 'dataset-unavailable',
        message: expect.stringMatching(/^data\.bin: could not be fetched: /),
        problems: [expect.objectContaining({ field: 'data.bin', found: expect.stringContaining(reason) })],
      });
      expect(await readdir(folder)).toEqual([]);
    });
  });

  test('more than the stated size is not downloaded', async () => {
    await inTemporaryFolder(async (folder) => {
      const wanted = file(['/good'], { bytes: 1000 });
      await expect(downloadFile(wanted, join(folder, 'data.bin'))).rejects.toThrow('more than 1000 bytes');
    });
  });

  test('without a published checksum the first fetch is recorded, and kept to', async () => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'data.bin');
      const { checksum: _, ...unknown } = file(['/good']);
      await downloadFile(unknown, path);
      expect((await readFile(`${path}.sha256`, 'utf8')).trim()).toBe(sha256);
      const later = { ...unknown, urls: [`${home}/tampered`] };
      await expect(downloadFile(later, path)).rejects.toThrow('is not the file that the first fetch gave');
      expect(await readFile(path)).toEqual(CONTENT);
    });
  });
});

describe('obtainFiles', () => {
  const source = (alternatives: DatasetDownload[][] = []): DatasetSource => ({
    ...mnist10k,
    info: { ...mnist10k.info, name: 'tiny', bundled: false, downloads: [file(['/gone'])] },
    alternatives,
  });
  const obtain = (
    folder: string,
    from?: string,
    alternatives?: DatasetDownload[][],
  ): Promise<DatasetDownload[]> =>
    obtainFiles(source(alternatives), { filesDir: join(folder, 'files'), from, download: true });

  test('copies from a folder, checked', async () => {
    await inTemporaryFolder(async (folder) => {
      const from = join(folder, 'given');
      await mkdir(from);
      await writeFile(join(from, 'data.bin'), CONTENT);
      await obtain(folder, from);
      expect(await readFile(join(folder, 'files', 'data.bin'))).toEqual(CONTENT);
      await writeFile(join(from, 'data.bin'), 'tampered');
      await expect(obtain(folder, from)).rejects.toThrow('is not the file that');
    });
  });

  test('falls back to another set of files', async () => {
    await inTemporaryFolder(async (folder) => {
      const other = file(['/good'], { file: 'other.bin' });
      expect(await obtain(folder, undefined, [[other]])).toEqual([other]);
      expect(await readFile(join(folder, 'files', 'other.bin'))).toEqual(CONTENT);
    });
  });

  test('names the first failure when no set can be obtained', async () => {
    await inTemporaryFolder(async (folder) => {
      const other = file(['/gone'], { file: 'other.bin' });
      await expect(obtain(folder, undefined, [[other]])).rejects.toThrow(/^data\.bin: /);
    });
  });
});

describe('fetch and verify', () => {
  test('a bundled dataset is prepared, and damage to its prepared form is seen', async () => {
    await inTemporaryFolder(async (cacheDir) => {
      expect((await verifyDataset('shapes', { cacheDir })).prepared.state).toBe('missing');
      const { preparedPath, files } = await fetchDataset('shapes', { cacheDir });
      expect(files).toEqual([]);
      expect(await verifyDataset('shapes', { cacheDir })).toMatchObject({
        ready: true,
        prepared: { state: 'ok' },
      });
      const bytes = await readFile(preparedPath);
      bytes[bytes.length - 1]! ^= 255;
      await writeFile(preparedPath, bytes);
      expect(await verifyDataset('shapes', { cacheDir })).toMatchObject({
        ready: false,
        prepared: { state: 'damaged', reason: expect.stringContaining('sha256') },
      });
    });
  });

  test('verify tells missing files from damaged ones', async () => {
    await inTemporaryFolder(async (cacheDir) => {
      const filesDir = join(cacheDir, 'downloads', 'gtsrb');
      await mkdir(filesDir, { recursive: true });
      await writeFile(join(filesDir, 'GTSRB_Final_Test_GT.zip'), 'tampered');
      await writeFile(join(filesDir, 'GTSRB_Final_Training_Images.zip'), 'whatever');
      const { files, ready } = await verifyDataset('gtsrb', { cacheDir });
      expect(files.map(({ file, state }) => [file, state])).toEqual([
        ['GTSRB_Final_Training_Images.zip', 'unknown'],
        ['GTSRB_Final_Test_Images.zip', 'missing'],
        ['GTSRB_Final_Test_GT.zip', 'damaged'],
      ]);
      expect(ready).toBe(false);
    });
  });
});
