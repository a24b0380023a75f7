import { describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { OneginError } from '@onegin/contracts';
import { redisErrorCode, toServiceError, withServiceErrors } from './service-error.ts';
import { freePort, startRedisServer } from './testing/redis-server.ts';

const thrownBy = (work: () => Promise<unknown>): Promise<unknown> =>
  work().then(
    () => undefined,
    (error: unknown) => error,
  );

describe('what Redis throws', () => {
  test('nobody listens: redis-unavailable', async () => {
    const redis = new Redis(await freePort(), { maxRetriesPerRequest: 0, retryStrategy: () => null });
    redis.on('error', () => undefined);
    expect(redisErrorCode(await thrownBy(() => redis.ping()))).toBe('redis-unavailable');
    expect(redisErrorCode(await thrownBy(() => redis.ping()))).toBe('redis-unavailable');
    redis.disconnect();
  });

  test('out of memory: redis-full; a command of the wrong kind: internal', async () => {
    const server = await startRedisServer();
    const redis = new Redis(server.url);
    await redis.config('SET', 'maxmemory', '1');
    expect(toServiceError(await thrownBy(() => redis.set('a', 'b')))).toMatchObject({ code: 'redis-full' });
    const inScript = await thrownBy(() => redis.eval("return redis.call('SET', KEYS[1], 'b')", 1, 'a'));
    expect(toServiceError(inScript)).toMatchObject({ code: 'redis-full' });
    await redis.config('SET', 'maxmemory', '0');
    await redis.set('a', 'b');
    const wrongKind = toServiceError(await thrownBy(() => redis.lpush('a', 'b')));
    expect(wrongKind).toMatchObject({ code: 'internal' });
    expect(wrongKind.message).toMatch(/WRONGTYPE/);
    redis.disconnect();
    await server.remove();
  });

  test('a server that hangs: redis-unavailable', async () => {
    const server = await startRedisServer();
    const redis = new Redis(server.url, { commandTimeout: 50, maxRetriesPerRequest: 1 });
    await redis.ping();
    server.freeze();
    expect(redisErrorCode(await thrownBy(() => redis.ping()))).toBe('redis-unavailable');
    server.thaw();
    redis.disconnect();
    await server.remove();
  });

  test('an OneginError stays what it is; anything else is internal with its cause', async () => {
    const mine = new OneginError('job-unknown', 'no such job');
    expect(await thrownBy(() => withServiceErrors(() => Promise.reject(mine)))).toBe(mine);
    const cause = new Error('a mistake');
    expect(toServiceError(cause)).toMatchObject({ code: 'internal', message: 'a mistake', cause });
    expect(toServiceError('text')).toMatchObject({ code: 'internal', message: 'text' });
  });
});
