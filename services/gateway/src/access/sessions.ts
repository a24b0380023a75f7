/**
 * Sessions of the web UI in Redis. A token is 32 random bytes; Redis holds only its SHA-256, so that nobody who reads
 * Redis can sign in with what is there. Sessions expire in Redis.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { keyIdSchema } from '@onegin/contracts';
import { redisChannels, redisKeys, withServiceErrors } from '@onegin/service-kit';

const recordSchema = z.strictObject({
  keyId: keyIdSchema,
  /** Of the key that opened it: a session does not outlive that secret. */
  keyDigest: z.string(),
  expiresAt: z.number(),
});
export type SessionRecord = z.infer<typeof recordSchema>;

const TOKEN_BYTES = 32;

export class Sessions {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** @returns the token, which is not stored */
  async open(record: SessionRecord, now = Date.now()): Promise<string> {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const name = redisKeys.session(sessionDigest(token));
    const lifeMs = Math.max(1, record.expiresAt - now);
    await withServiceErrors(() => this.#redis.set(name, JSON.stringify(record), 'PX', lifeMs));
    return token;
  }

  /** By the token's digest; null: it has ended, or never existed. */
  async find(digest: string, now = Date.now()): Promise<SessionRecord | null> {
    const text = await withServiceErrors(() => this.#redis.get(redisKeys.session(digest)));
    const record = text === null ? null : recordSchema.parse(JSON.parse(text));
    return record && record.expiresAt > now ? record : null;
  }

  /** Ends it and tells the gateways, which close its sockets. */
  async close(digest: string): Promise<void> {
    await withServiceErrors(async () => {
      await this.#redis.del(redisKeys.session(digest));
      await this.#redis.publish(redisChannels.accessChanged, digest);
    });
  }
}

export const sessionDigest = (token: string): string =>
  createHash('sha256').update(`onegin-session:${token}`).digest('hex');
