/** What every artifact store must do; each store's spec runs these tests on itself. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ArtifactRef } from '@onegin/contracts';
import type { ArtifactStore } from '../artifact-store.ts';
import { sha256 } from '../integrity.ts';

export interface StoreUnderTest {
  store: ArtifactStore;
  /** Changes the stored bytes behind the store's back. */
  overwrite(key: string, content: Buffer): Promise<void>;
  close(): Promise<void>;
  /** Set for a server that is known not to list keys as S3 does; the tests of that are left out and say so. */
  listsUnlikeS3?: string;
}

const about = { kind: 'metrics', contentType: 'application/json' };
const isCode = (code: string): unknown => expect.objectContaining({ name: 'OneginError', code });

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function artifactStoreContract(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`${name} as an artifact store`, () => {
    let under: StoreUnderTest;
    let store: ArtifactStore;
    beforeAll(async () => {
      under = await create();
      store = under.store;
    }, 120_000);
    afterAll(() => under.close());

    const keysUnder = async (prefix: string): Promise<string[]> => {
      const keys: string[] = [];
      for await (const { key } of store.list(prefix)) keys.push(key);
      return keys;
    };
    const leftOut = (): boolean => {
      if (under.listsUnlikeS3) console.error(`SKIPPED: ${under.listsUnlikeS3}`);
      return under.listsUnlikeS3 !== undefined;
    };
    const ref = (key: string, content: Buffer): ArtifactRef => ({
      ...about,
      key,
      bytes: content.length,
      sha256: sha256(content),
    });

    describe('put and get', () => {
      it('returns the bytes with their size, checksum and description', async () => {
        const body = Buffer.from('{"accuracy":0.97}');
        const stored = await store.put('runs/a/metrics.json', body, about);
        expect(stored).toEqual(ref('runs/a/metrics.json', body));
        expect(await store.get(stored)).toEqual(body);
        expect(await store.read('runs/a/metrics.json')).toEqual(body);
      });

      it.each([
        ['no bytes', Buffer.alloc(0)],
        ['one byte', Buffer.from([0])],
        ['9 MB, more than the smallest part of a multipart upload', randomBytes(9_000_000)],
      ])('keeps %s', async (_, body) => {
        const stored = await store.put('runs/sizes/body.bin', body, about);
        expect((await store.get(stored)).equals(body)).toBe(true);
        expect((await readAll(await store.open(stored))).equals(body)).toBe(true);
      });

      it('stores the part that a typed array looks at, not the whole buffer below it', async () => {
        const floats = new Float32Array([1, 2, 3, 4]);
        const view = new Uint8Array(floats.buffer, 4, 8);
        const stored = await store.put('runs/view.bin', view, about);
        expect(stored.bytes).toBe(8);
        expect(await store.get(stored)).toEqual(Buffer.from(view));
      });

      it('replaces an object, and repeating a put changes nothing', async () => {
        await store.put('runs/twice.bin', Buffer.from('old and longer'), about);
        const first = await store.put('runs/twice.bin', Buffer.from('new'), about);
        const second = await store.put('runs/twice.bin', Buffer.from('new'), about);
        expect(second).toEqual(first);
        expect(String(await store.get(first))).toBe('new');
      });

      it('shows readers one of two objects that are put at once, never a mixture', async () => {
        const bodies = [Buffer.alloc(400_000, 'a'), Buffer.alloc(500_000, 'b')];
        const key = 'runs/contested.bin';
        await store.put(key, bodies[0]!, about);
        const writers = bodies.flatMap((body) => [store.put(key, body, about), store.put(key, body, about)]);
        const readers = Array.from({ length: 8 }, () => store.read(key));
        const wholes = bodies.map(sha256);
        for (const read of await Promise.all(readers)) expect(wholes).toContain(sha256(read));
        await Promise.all(writers);
        expect(wholes).toContain(sha256(await store.read(key)));
      });

      it('takes keys with spaces, signs of URLs, dots and letters of any script', async () => {
        for (const key of [
          'runs/odd/a b+c%20&d=e?f#g.json',
          'runs/odd/числа 数.bin',
          'runs/odd/.index/x..y',
        ]) {
          const stored = await store.put(key, Buffer.from(key), about);
          expect(String(await store.get(stored))).toBe(key);
          if (!under.listsUnlikeS3) expect(await keysUnder(key)).toEqual([key]);
        }
      });
    });

    describe('keys', () => {
      it.each([
        '',
        '/etc/passwd',
        '../outside',
        'runs/../../outside',
        'runs/./a',
        'runs//a',
        'runs/',
        'runs\\..\\a',
        'runs/a\u0000b',
        '.tmp/a',
        `runs/${'x'.repeat(256)}`,
      ])('refuses %j for writing, reading and as a prefix to remove', async (key) => {
        const bad = isCode('request-invalid');
        await expect(store.put(key, Buffer.from('x'), about)).rejects.toEqual(bad);
        await expect(store.get(ref(key, Buffer.from('x')))).rejects.toEqual(bad);
        await expect(store.read(key)).rejects.toEqual(bad);
        if (key !== 'runs/') await expect(store.removePrefix(key)).rejects.toEqual(bad);
      });
    });

    describe('what is not there or damaged', () => {
      it('says artifact-missing with the key', async () => {
        const gone = ref('runs/none.keras', Buffer.from('x'));
        for (const attempt of [store.get(gone), store.open(gone), store.read(gone.key)])
          await expect(attempt).rejects.toEqual(isCode('artifact-missing'));
        await expect(store.get(gone)).rejects.toThrow('runs/none.keras');
      });

      it('says artifact-missing for a folder, and for a key below an object', async () => {
        const stored = await store.put('runs/deep/file.bin', Buffer.from('x'), about);
        for (const key of ['runs/deep', `${stored.key}/below`])
          await expect(store.get(ref(key, Buffer.from('x')))).rejects.toEqual(isCode('artifact-missing'));
      });

      const damages: [string, (body: Buffer) => Buffer][] = [
        ['one bit is flipped', (body) => Buffer.concat([Buffer.from([body[0]! ^ 1]), body.subarray(1)])],
        ['the end is missing', (body) => body.subarray(0, -1)],
        ['something was added', (body) => Buffer.concat([body, Buffer.from('!')])],
        ['it is empty', () => Buffer.alloc(0)],
      ];
      it.each(damages)('says artifact-corrupt when %s', async (_, damage) => {
        const body = randomBytes(200_000);
        const stored = await store.put('runs/damaged.bin', body, about);
        await under.overwrite(stored.key, damage(body));
        await expect(store.get(stored)).rejects.toEqual(isCode('artifact-corrupt'));
        const received: Buffer[] = [];
        const download = (async () => {
          for await (const chunk of await store.open(stored)) received.push(chunk as Buffer);
        })();
        await expect(download).rejects.toEqual(isCode('artifact-corrupt'));
        // A download that counts bytes must not look complete.
        expect(Buffer.concat(received).length).toBeLessThan(stored.bytes);
      });
    });

    describe('open', () => {
      it('can be left before the end', async () => {
        const body = randomBytes(3_000_000);
        const stored = await store.put('runs/large.bin', body, about);
        const stream = await store.open(stored);
        for await (const chunk of stream) {
          expect(body.subarray(0, (chunk as Buffer).length).equals(chunk as Buffer)).toBe(true);
          break;
        }
        expect(stream.destroyed).toBe(true);
        expect((await store.get(stored)).equals(body)).toBe(true);
      });
    });

    describe('list and removePrefix', () => {
      it('lists keys by any prefix, in the order of their bytes, with sizes', async () => {
        if (leftOut()) return;
        const names = ['b/1', 'b', 'b-1', 'b/1-x', 'B/2', 'b/0/z', 'bé', 'b.2'].map((n) => `order/${n}`);
        const clash = 'order/b';
        for (const key of names.filter((n) => n !== clash)) await store.put(key, Buffer.from(key), about);
        const sorted = names
          .filter((n) => n !== clash)
          .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(await keysUnder('order/')).toEqual(sorted);
        expect(await keysUnder('order/b')).toEqual(sorted.filter((key) => key.startsWith('order/b')));
        expect(await keysUnder('order/b/')).toEqual(sorted.filter((key) => key.startsWith('order/b/')));
        for await (const { key, bytes } of store.list('order/')) expect(bytes).toBe(Buffer.byteLength(key));
        expect(await keysUnder('order/nothing')).toEqual([]);
        expect(await keysUnder('nowhere/at/all/')).toEqual([]);
      });

      it('lists more keys than one page of S3 holds', async () => {
        const keys = Array.from({ length: 1050 }, (_, i) => `many/${String(i).padStart(5, '0')}`);
        for (let i = 0; i < keys.length; i += 50)
          await Promise.all(keys.slice(i, i + 50).map((key) => store.put(key, Buffer.from('x'), about)));
        expect(await keysUnder('many/')).toEqual(keys);
        expect(await store.removePrefix('many/')).toBe(1050);
        expect(await keysUnder('many/')).toEqual([]);
      }, 120_000);

      it('removes what begins with the prefix, nothing else, and counts it', async () => {
        const keys = ['gone/run-1/a', 'gone/run-1/b/c', 'gone/run-10/a', 'gone/other'];
        for (const key of keys) await store.put(key, Buffer.from('x'), about);
        expect(await store.removePrefix('gone/run-1/')).toBe(2);
        expect(await keysUnder('gone/')).toEqual(['gone/other', 'gone/run-10/a']);
        expect(await store.removePrefix('gone/run-1/')).toBe(0);
      });

      it('refuses to remove everything', async () => {
        await expect(store.removePrefix('')).rejects.toEqual(isCode('request-invalid'));
      });
    });

    it('answers a probe', async () => {
      await expect(store.probe()).resolves.toBeUndefined();
    });
  });
}
