import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { API_KEY_FORM, OneginError, type NewApiKey } from '@onegin/contracts';
import { ApiKeys, keyDigest } from './api-keys.ts';
import { startRedisServer, until, type RedisServer } from './testing/index.ts';
import { redisChannels, redisKeys } from './redis-keys.ts';

let server: RedisServer;
let redis: Redis;
let keys: ApiKeys;

beforeAll(async () => {
  server = await startRedisServer();
  redis = new Redis(server.url);
  keys = new ApiKeys(redis);
});

afterAll(async () => {
  redis.disconnect();
  await server.remove();
});

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof OneginError ? error.code : String(error)),
  );

describe('a key', () => {
  it('is told once, and proves itself from then on', async () => {
    const made = await keys.create({ name: ' build server ', scope: 'run' });
    expect(made.key).toMatch(API_KEY_FORM);
    expect(made).toMatchObject({ name: 'build server', scope: 'run', jobId: null, expiresAt: null });
    const found = await keys.verify(made.key);
    expect(found).toMatchObject({ id: made.id, scope: 'run', revokedAt: null });
  });

  it('is nowhere in Redis: its digest is', async () => {
    const made = await keys.create({ name: 'secret', scope: 'admin' });
    const secret = API_KEY_FORM.exec(made.key)![2]!;
    const stored = JSON.stringify([
      await redis.hgetall(redisKeys.apiKeys),
      await redis.hgetall(redisKeys.usedKeys),
      await redis.keys('*'),
    ]);
    expect(stored).not.toContain(secret);
    expect(stored).toContain(keyDigest(made.id, secret));
    expect(JSON.stringify(await keys.list())).not.toContain(keyDigest(made.id, secret));
  });

  it('has 256 random bits', async () => {
    const made = await Promise.all(
      Array.from({ length: 50 }, () => keys.create({ name: 'one of many', scope: 'read' })),
    );
    const secrets = made.map(({ key }) => API_KEY_FORM.exec(key)![2]!);
    expect(new Set(secrets).size).toBe(50);
    for (const secret of secrets) expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  });

  it.each(['', 'x', 'onegin_', 'onegin_abcdefghijkl_short', '__proto__', 'x'.repeat(100_000)])(
    'is not %j',
    async (text) => expect(await codeOf(keys.verify(text))).toBe('unauthorized'),
  );

  it('is not another one’s secret', async () => {
    const [one, other] = [
      await keys.create({ name: 'one', scope: 'read' }),
      await keys.create({ name: 'other', scope: 'admin' }),
    ];
    const mixed = one.key.replace(one.id, other.id);
    expect(await codeOf(keys.verify(mixed))).toBe('unauthorized');
  });

  it('ends when it was meant to', async () => {
    const now = Date.now();
    const made = await keys.create({ name: 'short', scope: 'read', expiresInSeconds: 60 }, now);
    expect(made.expiresAt).toBe(now + 60_000);
    await keys.verify(made.key, now + 59_999);
    await expect(keys.verify(made.key, now + 60_000)).rejects.toThrow('expired');
  });

  it('ends when it is revoked, for good, and says so to who listens', async () => {
    const heard: string[] = [];
    const listener = redis.duplicate();
    await listener.subscribe(redisChannels.accessChanged);
    listener.on('message', (_channel, id) => heard.push(id));
    const made = await keys.create({ name: 'lost', scope: 'run' });
    const first = await keys.revoke(made.id, 1_000_000);
    const again = await keys.revoke(made.id, 2_000_000);
    expect([first.revokedAt, again.revokedAt]).toEqual([1_000_000, 1_000_000]);
    await expect(keys.verify(made.key)).rejects.toThrow('revoked');
    await until(() => heard.length === 2);
    expect(heard).toEqual([made.id, made.id]);
    listener.disconnect();
    expect(await codeOf(keys.revoke('nosuchkey123'))).toBe('key-unknown');
  });

  it('says when it was used last, written at most once a minute', async () => {
    const made = await keys.create({ name: 'used', scope: 'read' });
    expect((await keys.find(made.id))!.lastUsedAt).toBeNull();
    for (const at of [5_000_000, 5_030_000]) await keys.noteUse(made.id, at);
    expect((await keys.find(made.id))!.lastUsedAt).toBe(5_000_000);
    await keys.noteUse(made.id, 5_060_000);
    expect((await keys.find(made.id))!.lastUsedAt).toBe(5_060_000);
  });
});

describe('making a key', () => {
  it.each<[object, string]>([
    [{ scope: 'read' }, 'name'],
    [{ name: '', scope: 'read' }, 'name'],
    [{ name: 'x', scope: 'root' }, 'scope'],
    [{ name: 'x', scope: 'run', jobId: 'abcdef' }, 'scope'],
    [{ name: 'x', scope: 'read', jobId: '../keys' }, 'jobId'],
    [{ name: 'x', scope: 'read', expiresInSeconds: 0 }, 'expiresInSeconds'],
    [{ name: 'x', scope: 'read', id: 'mine' }, 'id'],
  ])('%j is refused, naming %s', async (input, field) => {
    const error = await keys.create(input as NewApiKey).then(
      () => null,
      (error: unknown) => error,
    );
    expect((error as OneginError).code).toBe('request-invalid');
    expect((error as OneginError).problems.map((problem) => problem.field)).toContain(field);
  });
});
