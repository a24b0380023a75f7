import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { zipFile } from '../../packages/datasets/src/testing/tiny-files.ts';

// Plain JavaScript without types: it runs before anything is installed.
const load = (file: string): Promise<Record<string, (...args: never[]) => unknown>> =>
  import(new URL(file, import.meta.url).href);

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'onegin-tools-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('the wheel', () => {
  test('gives the wanted files, deflated or stored, and skips the rest', async () => {
    const { extractFromZip } = await load('./read-zip.mjs');
    await inFolder(async (folder) => {
      const wheel = join(folder, 'x.whl');
      const big = Buffer.alloc(300_000, 'header ');
      const entries = [
        { name: 'a/one.h', bytes: big },
        { name: 'a/two.h', bytes: Buffer.from('stored'), stored: true },
        { name: 'a/three.py', bytes: Buffer.from('no') },
      ];
      await writeFile(wheel, zipFile(entries));
      const place = (name: string): string | undefined =>
        name.endsWith('.h') ? join(folder, 'out', name) : undefined;
      expect(await extractFromZip!(wheel as never, place as never)).toBe(2);
      expect(await readFile(join(folder, 'out/a/one.h'))).toEqual(big);
      expect(await readFile(join(folder, 'out/a/two.h'), 'utf8')).toBe('stored');
    });
  });

  test('places libraries and headers, and nothing that climbs out', async () => {
    const { placeOfWheelEntry } = await load('./build-from-wheel.mjs');
    const place = (name: string): unknown => placeOfWheelEntry!(name as never, '/deps' as never);
    expect(place('tensorflow/libtensorflow_cc.so.2')).toBe('/deps/lib/libtensorflow_cc.so.2');
    expect(place('tensorflow/include/tensorflow/c/c_api.h')).toBe('/deps/include/tensorflow/c/c_api.h');
    expect(place('tensorflow/include/tensorflow/core/framework/op.h')).toBeUndefined();
    expect(place('tensorflow/include/tensorflow/c/../../../../evil.h')).toBeUndefined();
    expect(place('tensorflow/python/x.py')).toBeUndefined();
  });
});

describe('the package index', () => {
  const page = 'https://index.example/simple/tensorflow-cpu/';
  const sha256 = 'a'.repeat(64);

  test('is read in both of its forms', async () => {
    const { parseIndexPage } = await load('./fetch-wheel.mjs');
    const expected = [{ name: 'x-1-cp312.whl', url: 'https://index.example/files/x-1-cp312.whl', sha256 }];
    const html = `<a href="../../files/x-1-cp312.whl#sha256=${sha256}" data-requires-python="&gt;=3.9">x-1-cp312.whl</a><br/>`;
    expect(parseIndexPage!(html as never, 'text/html' as never, page as never)).toEqual(expected);
    const json = JSON.stringify({
      files: [{ filename: 'x-1-cp312.whl', url: '/files/x-1-cp312.whl', hashes: { sha256 } }],
    });
    const type = 'application/vnd.pypi.simple.v1+json';
    expect(parseIndexPage!(json as never, type as never, page as never)).toEqual(expected);
  });

  test('is the one that the user has configured', async () => {
    const { configuredIndex } = await load('./fetch-wheel.mjs');
    await inFolder(async (folder) => {
      const file = join(folder, 'pip.conf');
      await writeFile(file, '[global]\ntimeout = 60\nindex-url = https://mirror.example/simple\n');
      const env = (extra: object): never => ({ XDG_CONFIG_HOME: folder, ...extra }) as never;
      expect(configuredIndex!(env({ PIP_INDEX_URL: 'https://one.example/' }))).toBe('https://one.example/');
      expect(configuredIndex!(env({ PIP_CONFIG_FILE: file }))).toBe('https://mirror.example/simple');
    });
  });
});

describe('system packages', () => {
  test('a command on the path is used as it is', async () => {
    const { ensureSystemPackage } = await load('../system-packages.mjs');
    expect(await ensureSystemPackage!({ command: 'sh', aptName: 'none' } as never)).toMatchObject({
      available: true,
      installed: false,
      path: expect.stringContaining('/sh'),
    });
  });

  test('a program is ended with everything it started when its time is over', async () => {
    const { runProgram } = await load('../system-packages.mjs');
    const result = await runProgram!(
      'sh' as never,
      ['-c', 'echo started; sleep 60 & wait'] as never,
      { timeoutMs: 300 } as never,
    );
    expect(result).toEqual({ ok: false, output: 'started\n', timedOut: true });
  });
});

test('without the package, the WASM engine is named with the reason', async () => {
  const { installTensorflow } = await load('../install-tensorflow.mjs');
  await inFolder(async (root) => {
    expect(await installTensorflow!({ root } as never)).toEqual({
      engine: 'wasm',
      detail: expect.stringContaining('@tensorflow/tfjs-node is not installed'),
    });
  });
});
