/**
 * Artifacts in an S3 bucket (MinIO or any other). Objects go in a single PUT each, which S3 makes visible as a
 * whole or not at all; the SHA-256 is kept in the object's metadata, since an ETag is a checksum only sometimes.
 */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Client } from 'minio';
import { OneginError, type ArtifactRef } from '@onegin/contracts';
import pRetry from 'p-retry';
import { checkKey, checkPrefix, checkRemovalPrefix } from './artifact-key.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { missing, refOf, verifiedStream, verifyBytes } from './integrity.ts';
import { isMissing, isTransient, s3CodeOf, s3StoreError } from './s3-errors.ts';
import { silence, transportFor } from './s3-transport.ts';

export interface S3StoreConfig {
  /** Address of the server without a path: `http://minio:9000`. */
  endpoint: string;
  region: string;
  accessKey: string;
  secretKey: string;
  bucket: string;
  /** Attempts at each request in all; the waits between them double from `firstDelayMs` to `maxDelayMs`. */
  retry?: { attempts?: number; firstDelayMs?: number; maxDelayMs?: number };
  /** A server that sends nothing for so long counts as away. */
  silentMs?: number;
}

/** Together about 15 s of waiting, enough for a server that restarts. */
const DEFAULT_RETRY = { attempts: 8, firstDelayMs: 200, maxDelayMs: 4000 };
const DEFAULT_SILENT_MS = 30_000;
/** The largest single PUT that S3 takes. Multipart would resume a stranger's unfinished upload of the key. */
const MAX_SINGLE_PUT_BYTES = 5 * 1024 ** 3;
const LIST_PAGE = 1000;
const SHA256_HEADER = 'x-amz-meta-sha256';

export function createS3Store(config: S3StoreConfig): ArtifactStore {
  const { bucket, region } = config;
  const silentMs = config.silentMs ?? DEFAULT_SILENT_MS;
  const retry = { ...DEFAULT_RETRY, ...config.retry };
  const client = clientFor(config, silentMs);
  const where = `the bucket ${bucket} at ${config.endpoint}`;

  /** Repeats while the server is away or at fault; the last error comes out in the words of the store. */
  async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await pRetry(work, {
        retries: retry.attempts - 1,
        minTimeout: retry.firstDelayMs,
        maxTimeout: retry.maxDelayMs,
        randomize: true,
        shouldRetry: ({ error }) => isTransient(error),
      });
    } catch (error) {
      throw s3StoreError(error, what, where);
    }
  }

  /** A request for an object; its absence is known by the store's own code. */
  const forObject = <T>(key: string, work: () => Promise<T>): Promise<T> =>
    attempt(`read ${checkKey(key)}`, async () => {
      try {
        return await work();
      } catch (error) {
        if (isMissing(error)) throw missing(key, where);
        throw error;
      }
    });

  const download = (
    key: string,
    maxBytes: number,
  ): Promise<{ content: Buffer; sha256: string | undefined }> =>
    forObject(key, async () => {
      const source = await client.getObject(bucket, key);
      const header = (source as IncomingMessage).headers[SHA256_HEADER];
      return {
        content: await collect(source, maxBytes, silentMs),
        sha256: typeof header === 'string' ? header : undefined,
      };
    });

  async function ensureBucket(): Promise<void> {
    if (await client.bucketExists(bucket)) return;
    try {
      await client.makeBucket(bucket, region);
    } catch (error) {
      // Another process made it between the two calls.
      if (s3CodeOf(error) !== 'BucketAlreadyOwnedByYou') throw error;
    }
  }

  async function* list(prefix: string): AsyncGenerator<{ key: string; bytes: number }> {
    checkPrefix(prefix);
    for (let token = '', more = true; more;) {
      const page = await attempt(`list ${prefix}`, () =>
        client.listObjectsV2Query(bucket, prefix, token, '', LIST_PAGE, ''),
      );
      for (const object of page.objects)
        if (object.name !== undefined) yield { key: object.name, bytes: object.size };
      more = page.isTruncated;
      token = page.nextContinuationToken;
    }
  }

  async function removePrefix(prefix: string): Promise<number> {
    const keys: string[] = [];
    for await (const { key } of list(checkRemovalPrefix(prefix))) keys.push(key);
    await attempt(`remove ${prefix}`, async () => {
      const problems = (await client.removeObjects(bucket, keys)).filter((answer) => answer != null);
      const first = problems.find((problem) => problem.Error?.Code)?.Error;
      if (first) throw Object.assign(new Error(first.Message ?? 'not removed'), { code: first.Code });
    });
    return keys.length;
  }

  return {
    async put(key, body, about) {
      const ref = refOf(checkKey(key), body, about);
      const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
      await attempt(`store ${key}`, () =>
        client.putObject(bucket, key, buffer, buffer.length, {
          'Content-Type': about.contentType,
          'X-Amz-Meta-Sha256': ref.sha256,
          'X-Amz-Meta-Kind': about.kind,
        }),
      );
      return ref;
    },
    get: async (ref) => verifyBytes(ref, (await download(ref.key, ref.bytes + 1)).content),
    async open(ref: ArtifactRef) {
      const source = await forObject(ref.key, () => client.getObject(bucket, ref.key));
      return verifiedStream(source, ref, (error) => s3StoreError(error, `read ${ref.key}`, where));
    },
    async read(key) {
      const { content, sha256 } = await download(key, Infinity);
      if (sha256 === undefined) return content;
      return verifyBytes({ kind: 'unknown', key, bytes: content.length, sha256, contentType: '' }, content);
    },
    list,
    removePrefix,
    probe: () => attempt('work', ensureBucket),
  };
}

/** @throws OneginError `config-invalid` */
function clientFor(config: S3StoreConfig, silentMs: number): Client {
  const url = URL.canParse(config.endpoint) ? new URL(config.endpoint) : undefined;
  if (
    !url ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.pathname !== '/' ||
    url.username ||
    url.search
  )
    throw new OneginError(
      'config-invalid',
      `the S3 endpoint is not valid: expected an address such as http://minio:9000, found ${config.endpoint}`,
    );
  const useSSL = url.protocol === 'https:';
  return new Client({
    endPoint: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : useSSL ? 443 : 80,
    useSSL,
    accessKey: config.accessKey,
    secretKey: config.secretKey,
    // Without a region the client asks the server for it before the first request.
    region: config.region,
    partSize: MAX_SINGLE_PUT_BYTES,
    pathStyle: true,
    // The client's own retries hide the server's reason.
    retryOptions: { disableRetry: true },
    transport: transportFor(url.protocol, silentMs),
  });
}

/** The body of an answer, at most about `maxBytes` of it. */
async function collect(source: Readable, maxBytes: number, silentMs: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const timer = setTimeout(() => source.destroy(silence(silentMs)), silentMs);
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      timer.refresh();
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= maxBytes) break;
    }
  } finally {
    clearTimeout(timer);
  }
  return Buffer.concat(chunks);
}
