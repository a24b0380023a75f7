import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLogger, withoutPassword, type Logger } from './logger.ts';
import { connectRedis, type RedisConnections } from './redis-connections.ts';
import { Subscriptions } from './subscriptions.ts';
import { startRedisServer, type RedisServer } from './testing/redis-server.ts';
import { until } from './testing/until.ts';

let server: RedisServer;
let redis: RedisConnections;
let lines: { level: string; msg: string; redis: string }[];
let logger: Logger;

beforeEach(async () => {
  server = await startRedisServer();
  lines = [];
  logger = createLogger(
    { service: 'spec', level: 'info' },
    { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) },
  );
});
afterEach(async () => {
  redis.close();
  await server.remove();
});

describe('the connections', () => {
  test('wait for a Redis that is not there yet, and say so', async () => {
    await server.stop();
    redis = connectRedis(server.url, { name: 'spec', logger });
    let ready = false;
    const waiting = redis.ready().then(() => (ready = true));
    await until(() => lines.length > 0);
    expect(ready).toBe(false);
    expect(await redis.isReachable()).toBe(false);
    expect(lines[0]).toMatchObject({ level: 'warn', redis: server.url });
    expect(lines[0]!.msg).toMatch(/Redis cannot be reached, waiting for it: .*ECONNREFUSED/);
    await server.restart();
    await waiting;
    expect(lines.at(-1)!.msg).toBe('Redis is back');
  });

  test('a wait can be ended', async () => {
    await server.stop();
    redis = connectRedis(server.url, { name: 'spec', logger });
    const end = new AbortController();
    const waiting = redis.ready(end.signal);
    end.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'redis-unavailable' });
  });

  test('in an outage failFast commands fail, blocking ones wait, and it is logged once', async () => {
    redis = connectRedis(server.url, { name: 'spec', logger });
    await redis.ready();
    expect(await redis.isReachable()).toBe(true);
    await server.kill();
    let answered = false;
    const waiting = redis.blocking.set('a', 'b').then(() => (answered = true));
    await expect(redis.failFast.set('a', 'c')).rejects.toThrow();
    expect(answered).toBe(false);
    await server.restart();
    await waiting;
    expect(await redis.blocking.get('a')).toBe('b');
    await until(() => lines.length === 2);
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  test('subscriptions outlive an outage and tell that messages may be missing', async () => {
    redis = connectRedis(server.url, { name: 'spec', logger });
    const subscriptions = new Subscriptions(redis.open('subscriber'));
    const heard: string[] = [];
    let reconnected = 0;
    subscriptions.onReconnect(() => reconnected++);
    const stop = await subscriptions.listen('a', (message) => heard.push(`1:${message}`));
    await subscriptions.listen('a', (message) => heard.push(`2:${message}`));
    await redis.blocking.publish('a', 'x');
    await until(() => heard.length === 2);
    expect(reconnected).toBe(0);
    await server.stop();
    await server.restart();
    await until(() => reconnected === 1);
    await until(async () => (await redis.blocking.publish('a', 'y')) === 1);
    await until(() => heard.length >= 4);
    stop();
    await redis.blocking.publish('a', 'z');
    await until(() => heard.includes('2:z'));
    expect(heard).not.toContain('1:z');
  });

  test('a password is not logged', () => {
    redis = connectRedis(server.url, { name: 'spec', logger });
    expect(withoutPassword('redis://me:secret@host:1/2')).toBe('redis://me:***@host:1/2');
    expect(withoutPassword('redis://:secret@host')).toBe('redis://:***@host');
    expect(withoutPassword('redis://host:6379')).toBe('redis://host:6379');
  });
});
