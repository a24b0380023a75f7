import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'minio';
import { createArtifactStore } from './create-artifact-store.ts';
import { S3Store, type S3StoreConfig } from './s3-store.ts';
import { artifactStoreContract } from './testing/artifact-store-contract.ts';
import { onSmallDisk } from './testing/small-disk.ts';
import { startMinio, type TestS3Server } from './testing/minio-server.ts';

const about = { kind: 'checkpoint', contentType: 'application/octet-stream' };
const NO_WAITING = { attempts: 2, firstDelayMs: 1, maxDelayMs: 1 };

const configFor = (server: TestS3Server, bucket: string): S3StoreConfig => ({
  endpoint: server.endpoint,
  region: server.region,
  accessKey: server.accessKey,
  secretKey: server.secretKey,
  bucket,
});

function clientOf(server: TestS3Server): Client {
  const { hostname, port } = new URL(server.endpoint);
  const { accessKey, secretKey, region } = server;
  return new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey, region });
}

artifactStoreContract('an S3 bucket', async () => {
  const server = await startMinio();
  const client = clientOf(server);
  return {
    store: await createArtifactStore(configFor(server, 'contract')),
    overwrite: async (key, content) =>
      void (await client.putObject('contract', key, content, content.length, {
        'Content-Type': 'text/plain',
      })),
    close: () => server.stop(),
    ...(server.kind === 'stand-in' && {
      listsUnlikeS3: 'the stand-in for MinIO encodes and sorts keys its way',
    }),
  };
});

describe('an S3 store', () => {
  let server: TestS3Server;
  beforeAll(async () => {
    server = await startMinio();
  }, 120_000);
  afterAll(() => server.stop());

  it('makes the bucket when it is absent, also when several processes start at once', async () => {
    const stores = await Promise.all(
      [1, 2, 3].map(() => createArtifactStore(configFor(server, 'new-bucket'))),
    );
    const stored = await stores[0]!.put('a', Buffer.from('x'), about);
    expect(String(await stores[2]!.get(stored))).toBe('x');
  });

  it('keeps checksum, kind and content type beside the object, and verifies by them', async () => {
    const store = await createArtifactStore(configFor(server, 'metadata'));
    const stored = await store.put('a.bin', Buffer.from('content'), about);
    const client = clientOf(server);
    const { metaData } = await client.statObject('metadata', 'a.bin');
    expect(metaData).toMatchObject({
      sha256: stored.sha256,
      kind: 'checkpoint',
      'content-type': 'application/octet-stream',
    });
    await client.putObject('metadata', 'a.bin', Buffer.from('damaged'), 7, {
      'X-Amz-Meta-Sha256': stored.sha256,
    });
    await expect(store.read('a.bin')).rejects.toMatchObject({ code: 'artifact-corrupt' });
  });

  it('goes on by itself when the server was killed and comes back', async () => {
    const store = await createArtifactStore(configFor(server, 'restart'));
    const stored = await store.put('before', Buffer.from('x'), about);
    await server.kill();
    const putting = store.put('during', Buffer.from('y'), about);
    const getting = store.get(stored);
    await server.restart();
    expect(await putting).toMatchObject({ key: 'during', bytes: 1 });
    expect(String(await getting)).toBe('x');
  }, 120_000);

  it('says storage-denied at once for a wrong secret', async () => {
    if (server.kind !== 'minio') return console.error('SKIPPED: the stand-in for MinIO accepts any secret');
    const wrong = { ...configFor(server, 'new-bucket'), secretKey: 'not-the-secret' };
    await expect(createArtifactStore(wrong)).rejects.toMatchObject({
      code: 'storage-denied',
      message: expect.stringContaining(`the bucket new-bucket at ${server.endpoint}`),
    });
  });

  it('says storage-full when the disk of the server is full, and keeps what was there', async () => {
    if (server.kind !== 'minio')
      return console.error('SKIPPED: the stand-in for MinIO does not know a full disk');
    await onSmallDisk(4, async (directory) => {
      const onSmall = await startMinio({ directory });
      try {
        const store = await createArtifactStore(configFor(onSmall, 'small'));
        const stored = await store.put('a.bin', Buffer.alloc(100_000, 1), about);
        await expect(store.put('a.bin', Buffer.alloc(8_000_000, 2), about)).rejects.toMatchObject({
          code: 'storage-full',
        });
        expect(await store.get(stored)).toEqual(Buffer.alloc(100_000, 1));
      } finally {
        await onSmall.stop();
      }
    });
  }, 120_000);

  it('says storage-unavailable when the bucket was taken away', async () => {
    const store = await createArtifactStore(configFor(server, 'removed'));
    await clientOf(server).removeBucket('removed');
    await expect(store.put('a', Buffer.from('x'), about)).rejects.toMatchObject({
      code: 'storage-unavailable',
    });
  });

  it.each(['minio:9000', 'ftp://minio', 'http://minio/path', 'http://user@minio', ''])(
    'refuses the endpoint %j',
    (endpoint) => {
      expect(() => new S3Store({ ...configFor(server, 'any'), endpoint })).toThrow(
        expect.objectContaining({ code: 'config-invalid' }),
      );
    },
  );
});

describe('an S3 store before a server that misbehaves', () => {
  /** Answers each request by the next of the given behaviours, the last one again and again. */
  async function withServer(
    behaviours: ('hang' | 'reset' | 503 | 507 | 200 | 'stall')[],
    test: (config: S3StoreConfig, requests: () => number) => Promise<void>,
  ): Promise<void> {
    let requests = 0;
    const server: Server = createServer((request, response) => {
      const behaviour = behaviours[Math.min(requests, behaviours.length - 1)];
      requests += 1;
      request.resume();
      if (behaviour === 'hang') return;
      if (behaviour === 'reset') return void request.socket.destroy();
      if (behaviour === 'stall')
        return void response.writeHead(200, { 'content-length': '10' }).write('half ');
      const body =
        behaviour === 507 ? '<Error><Code>XMinioStorageFull</Code><Message>full</Message></Error>' : '';
      request.on('end', () => response.writeHead(Number(behaviour), { etag: '"x"' }).end(body));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const base = {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-central-1',
      accessKey: 'a',
      secretKey: 'b',
    };
    try {
      await test({ ...base, bucket: 'bucket', retry: NO_WAITING, silentMs: 200 }, () => requests);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }
  const ref = { ...about, key: 'a', bytes: 10, sha256: '0'.repeat(64) };

  it('tries again after a broken connection and after an overloaded answer', async () => {
    for (const first of ['reset', 503] as const)
      await withServer([first, 200], async (config, requests) => {
        await expect(new S3Store(config).put('a', Buffer.from('x'), about)).resolves.toMatchObject({
          key: 'a',
        });
        expect(requests()).toBe(2);
      });
  });

  it.each(['reset', 'hang', 503] as const)('says storage-unavailable in the end (%s)', async (behaviour) => {
    await withServer([behaviour], async (config, requests) => {
      await expect(new S3Store(config).put('a', Buffer.from('x'), about)).rejects.toMatchObject({
        code: 'storage-unavailable',
        message: expect.stringContaining(config.endpoint),
      });
      expect(requests()).toBe(NO_WAITING.attempts);
    });
  });

  it('says storage-unavailable when the answer stops in its middle', async () => {
    await withServer(['stall'], async (config) => {
      await expect(new S3Store(config).get(ref)).rejects.toMatchObject({ code: 'storage-unavailable' });
    });
  });

  it('says storage-full without trying again', async () => {
    await withServer([507], async (config, requests) => {
      await expect(new S3Store(config).put('a', Buffer.from('x'), about)).rejects.toMatchObject({
        code: 'storage-full',
      });
      expect(requests()).toBe(1);
    });
  });

  it('says that single keys could not be removed, with the reason', async () => {
    const server = createServer((request, response) => {
      request.resume();
      const problem = '<Key>a</Key><Code>AccessDenied</Code><Message>it is locked</Message>';
      response.end(
        request.method === 'POST'
          ? `<DeleteResult><Error>${problem}</Error></DeleteResult>`
          : '<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a</Key><Size>1</Size></Contents></ListBucketResult>',
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const keys = { region: 'eu-central-1', accessKey: 'a', secretKey: 'b' };
    const store = new S3Store({ ...keys, endpoint: `http://127.0.0.1:${port}`, bucket: 'bucket' });
    await expect(store.removePrefix('a')).rejects.toMatchObject({
      code: 'storage-denied',
      message: expect.stringContaining('it is locked'),
    });
    server.closeAllConnections();
    server.close();
  });

  it('says storage-unavailable where nobody listens', async () => {
    const config = { endpoint: 'http://127.0.0.1:9', region: 'eu-central-1', accessKey: 'a', secretKey: 'b' };
    await expect(
      createArtifactStore({ ...config, bucket: 'bucket', retry: NO_WAITING }),
    ).rejects.toMatchObject({
      code: 'storage-unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
