/**
 * API keys in Redis: three hashes, so that nothing is ever read, changed and written back. A record is written once;
 * that it was revoked, and when it was used last, stand beside it.
 *
 * A secret is 32 random bytes, so nobody can try them all, and a slow password hash (scrypt, Argon2) would only make
 * every request slow: such hashes make up for secrets that people choose. One SHA-256 over id and secret is enough;
 * with the id in it a digest is of no use under another key's name.
 */
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { API_KEY_FORM, apiKeySchema, newApiKeySchema, OneginError, parseOrThrow } from '@onegin/contracts';
import type { ApiKey, MadeApiKey, NewApiKey } from '@onegin/contracts';
import { withServiceErrors } from './service-error.ts';
import { redisChannels, redisKeys } from './redis-keys.ts';

const recordSchema = apiKeySchema
  .omit({ revokedAt: true, lastUsedAt: true })
  .extend({ digest: z.string().regex(/^[0-9a-f]{64}$/) });

/** A key with what proves it. */
export interface StoredKey extends ApiKey {
  readonly digest: string;
}

const SECRET_BYTES = 32;
const ID_LETTERS = 'bcdfghjkmnpqrstvwxz23456789';
const ID_LENGTH = 12;
/** How often, at most, one process writes down when a key was used. */
const USED_EVERY_MS = 60_000;

export class ApiKeys {
  readonly #redis: Redis;
  readonly #usedAt = new Map<string, number>();

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** @throws OneginError `request-invalid`, naming every wrong field */
  async create(input: NewApiKey, now = Date.now()): Promise<MadeApiKey> {
    const { name, scope, expiresInSeconds, jobId } = parseOrThrow(newApiKeySchema, input, 'the key');
    const id = newId();
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const expiresAt = expiresInSeconds === undefined ? null : now + expiresInSeconds * 1000;
    const about = { id, name, scope, jobId: jobId ?? null, createdAt: now, expiresAt };
    const record = JSON.stringify(recordSchema.parse({ ...about, digest: keyDigest(id, secret) }));
    const written = await withServiceErrors(() => this.#redis.hsetnx(redisKeys.apiKeys, id, record));
    if (written === 0) throw new OneginError('internal', `there is a key ${id} already`);
    return { key: `onegin_${id}_${secret}`, ...about, revokedAt: null, lastUsedAt: null };
  }

  /**
   * The key that the text proves.
   * @throws OneginError `unauthorized` when there is none, or it was revoked, or has expired
   */
  async verify(text: string, now = Date.now()): Promise<StoredKey> {
    const [, id = '', secret = ''] = API_KEY_FORM.exec(text) ?? [];
    const found = id === '' ? null : await this.find(id);
    // Only a caller that knows the secret learns what became of the key.
    if (!found || !sameDigest(found.digest, keyDigest(id, secret)))
      throw new OneginError('unauthorized', 'the key is not known here');
    return usable(found, now);
  }

  /** Whatever became of it; null: there is none. */
  async find(id: string): Promise<StoredKey | null> {
    return withServiceErrors(async () => {
      const [text, revoked, used] = await Promise.all([
        this.#redis.hget(redisKeys.apiKeys, id),
        this.#redis.hget(redisKeys.revokedKeys, id),
        this.#redis.hget(redisKeys.usedKeys, id),
      ]);
      return text === null ? null : storedKey(text, revoked, used);
    });
  }

  /** All keys, the newest first. */
  async list(): Promise<ApiKey[]> {
    return withServiceErrors(async () => {
      const [records, revoked, used] = await Promise.all([
        this.#redis.hgetall(redisKeys.apiKeys),
        this.#redis.hgetall(redisKeys.revokedKeys),
        this.#redis.hgetall(redisKeys.usedKeys),
      ]);
      return Object.entries(records)
        .map(([id, text]) => publicPart(storedKey(text, revoked[id] ?? null, used[id] ?? null)))
        .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1));
    });
  }

  /**
   * Ends the key for good, and tells the gateways, which disconnect its clients. Revoking twice changes nothing.
   * @throws OneginError `key-unknown`
   */
  async revoke(id: string, now = Date.now()): Promise<ApiKey> {
    return withServiceErrors(async () => {
      if (!(await this.#redis.hexists(redisKeys.apiKeys, id)))
        throw new OneginError('key-unknown', `there is no key ${JSON.stringify(id)}`);
      await this.#redis.hsetnx(redisKeys.revokedKeys, id, String(now));
      await this.#redis.publish(redisChannels.accessChanged, id);
      const key = await this.find(id);
      if (!key) throw new OneginError('key-unknown', `there is no key ${JSON.stringify(id)} any more`);
      return publicPart(key);
    });
  }

  /** Notes that the key is in use; losing such a note harms nobody. */
  async noteUse(id: string, now = Date.now()): Promise<void> {
    const before = this.#usedAt.get(id) ?? 0;
    if (now - before < USED_EVERY_MS) return;
    this.#usedAt.set(id, now);
    await this.#redis.hset(redisKeys.usedKeys, id, String(now));
  }
}

/**
 * The key, when it may be used.
 * @throws OneginError `unauthorized`
 */
export function usable<Key extends ApiKey>(key: Key, now = Date.now()): Key {
  if (key.revokedAt !== null)
    throw new OneginError('unauthorized', `the key was revoked at ${isoTime(key.revokedAt)}`);
  if (key.expiresAt !== null && key.expiresAt <= now)
    throw new OneginError('unauthorized', `the key expired at ${isoTime(key.expiresAt)}`);
  return key;
}

/** What is kept of a secret. */
export const keyDigest = (id: string, secret: string): string =>
  createHash('sha256').update(`onegin-key:${id}:${secret}`).digest('hex');

/** Takes the same time wherever the first difference is. Both are hexadecimal SHA-256. */
export const sameDigest = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

const newId = (): string =>
  Array.from({ length: ID_LENGTH }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('');

const storedKey = (text: string, revoked: string | null, used: string | null): StoredKey => ({
  ...recordSchema.parse(JSON.parse(text)),
  revokedAt: revoked === null ? null : Number(revoked),
  lastUsedAt: used === null ? null : Number(used),
});

/** By its schema, so that a field that is added to records does not leak by accident. */
const publicPart = (key: StoredKey): ApiKey => z.object(apiKeySchema.shape).parse(key);

const isoTime = (ms: number): string => new Date(ms).toISOString();
