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
import type { ArtifactAbout, ArtifactStore } from './artifact-store.ts';
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
  /** A server that sends nothing for this long counts as unreachable. */
  silentMs?: number;
}

/** Together about 15 s of waiting, enough for a server that restarts. */
const DEFAULT_RETRY = { attempts: 8, firstDelayMs: 200, maxDelayMs: 4000 };
const DEFAULT_SILENT_MS = 30_000;
/** The largest single PUT that S3 takes. Multipart would resume a stranger's unfinished upload of the key. */
const MAX_SINGLE_PUT_BYTES = 5 * 1024 ** 3;
const LIST_PAGE = 1000;
const SHA256_HEADER = 'x-amz-meta-sha256';

export class S3Store implements ArtifactStore {
  readonly #client: Client;
  readonly #bucket: string;
  readonly #region: string;
  readonly #retry: Required<NonNullable<S3StoreConfig['retry']>>;
  readonly #silentMs: number;
  /** For messages. */
  readonly #where: string;

  /** @throws OneginError `config-invalid` when the endpoint is no http(s) address. */
  constructor(config: S3StoreConfig) {
    this.#silentMs = config.silentMs ?? DEFAULT_SILENT_MS;
    this.#client = clientFor(config, this.#silentMs);
    this.#bucket = config.bucket;
    this.#region = config.region;
    this.#retry = { ...DEFAULT_RETRY, ...config.retry };
    this.#where = `the bucket ${config.bucket} at ${config.endpoint}`;
  }

  async put(key: string, body: Uint8Array, about: ArtifactAbout): Promise<ArtifactRef> {
    const ref = refOf(checkKey(key), body, about);
    const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    await this.#attempt(`store ${key}`, () =>
      this.#client.putObject(this.#bucket, key, buffer, buffer.length, {
        'Content-Type': about.contentType,
        'X-Amz-Meta-Sha256': ref.sha256,
        'X-Amz-Meta-Kind': about.kind,
      }),
    );
    return ref;
  }

  async get(ref: ArtifactRef): Promise<Buffer> {
    return verifyBytes(ref, (await this.#download(ref.key, ref.bytes + 1)).content);
  }

  async open(ref: ArtifactRef): Promise<Readable> {
    const source = await this.#requestObject(ref.key, () => this.#client.getObject(this.#bucket, ref.key));
    return verifiedStream(source, ref, (error) => s3StoreError(error, `read ${ref.key}`, this.#where));
  }

  async read(key: string): Promise<Buffer> {
    const { content, sha256 } = await this.#download(key, Infinity);
    if (sha256 === undefined) return content;
    return verifyBytes({ kind: 'unknown', key, bytes: content.length, sha256, contentType: '' }, content);
  }

  async *list(prefix: string): AsyncGenerator<{ key: string; bytes: number }> {
    checkPrefix(prefix);
    for (let token = '', more = true; more;) {
      const page = await this.#attempt(`list ${prefix}`, () =>
        this.#client.listObjectsV2Query(this.#bucket, prefix, token, '', LIST_PAGE, ''),
      );
      for (const object of page.objects)
        if (object.name !== undefined) yield { key: object.name, bytes: object.size };
      more = page.isTruncated;
      token = page.nextContinuationToken;
    }
  }

  async removePrefix(prefix: string): Promise<number> {
    const keys: string[] = [];
    for await (const { key } of this.list(checkRemovalPrefix(prefix))) keys.push(key);
    await this.#attempt(`remove ${prefix}`, async () => {
      // The client's types wrap what it returns: the errors come bare.
      const problems = (await this.#client.removeObjects(this.#bucket, keys)) as RemovalProblem[];
      const first = problems.find((problem) => problem?.Code);
      if (first) throw Object.assign(new Error(first.Message ?? 'not removed'), { code: first.Code });
    });
    return keys.length;
  }

  probe(): Promise<void> {
    return this.#attempt('work', () => this.#ensureBucket());
  }

  async #ensureBucket(): Promise<void> {
    if (await this.#client.bucketExists(this.#bucket)) return;
    try {
      await this.#client.makeBucket(this.#bucket, this.#region);
    } catch (error) {
      // Another process made it between the two calls.
      if (s3CodeOf(error) !== 'BucketAlreadyOwnedByYou') throw error;
    }
  }

  #download(key: string, maxBytes: number): Promise<{ content: Buffer; sha256: string | undefined }> {
    return this.#requestObject(key, async () => {
      const source = await this.#client.getObject(this.#bucket, key);
      const header = (source as IncomingMessage).headers[SHA256_HEADER];
      const content = await collect(source, maxBytes, this.#silentMs);
      return { content, sha256: typeof header === 'string' ? header : undefined };
    });
  }

  /** A request for an object; its absence is known by the store's own code. */
  async #requestObject<T>(key: string, work: () => Promise<T>): Promise<T> {
    return this.#attempt(`read ${checkKey(key)}`, async () => {
      try {
        return await work();
      } catch (error) {
        if (isMissing(error)) throw missing(key, this.#where);
        throw error;
      }
    });
  }

  /** Repeats while the server is unreachable or at fault; the last error comes out in the words of the store. */
  async #attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await pRetry(work, {
        retries: this.#retry.attempts - 1,
        minTimeout: this.#retry.firstDelayMs,
        maxTimeout: this.#retry.maxDelayMs,
        randomize: true,
        shouldRetry: ({ error }) => isTransient(error),
      });
    } catch (error) {
      throw s3StoreError(error, what, this.#where);
    }
  }
}

type RemovalProblem = { Code?: string; Message?: string } | null | undefined;

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
