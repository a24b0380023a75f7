import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Queue } from 'bullmq';
import { createLogger } from './logger.ts';
import { connectRedis, type RedisConnections } from './redis-connections.ts';
import { requestAdvance } from './request-advance.ts';
import { startRedisServer, type RedisServer } from './testing/redis-server.ts';
import { until } from './testing/until.ts';
import { TypedQueue } from './typed-queue.ts';
import { checkWorkers, StallCheck, TypedWorker, type Processor } from './typed-worker.ts';
import { QUEUE_PREFIX } from './redis-keys.ts';

const logger = createLogger({ service: 'spec', level: 'silent' });
let server: RedisServer;
let redis: RedisConnections;
let studies: TypedQueue<'studies'>;
const open: { close(withinMs: number): Promise<void> }[] = [];

beforeAll(async () => {
  server = await startRedisServer();
  redis = connectRedis(server.url, { name: 'spec', logger });
  studies = new TypedQueue('studies', redis.failFast);
});
afterEach(async () => {
  for (const worker of open.splice(0)) await worker.close(1000);
  await redis.blocking.flushall();
});
afterAll(async () => {
  await studies.close();
  redis.close();
  await server.remove();
});

async function work(processor: Processor<'studies'>, lockMs?: number): Promise<TypedWorker<'studies'>> {
  const worker = new TypedWorker('studies', processor, {
    redis: redis.blocking,
    logger,
    ...(lockMs !== undefined && { lockMs }),
  });
  open.push(worker);
  await worker.start();
  return worker;
}

describe('a typed queue', () => {
  test('gives a worker what was added', async () => {
    const seen: string[] = [];
    await work(async ({ jobId }) => {
      seen.push(jobId);
    });
    await studies.add({ jobId: 'job-one' });
    await until(() => seen.length === 1);
    expect(seen).toEqual(['job-one']);
  });

  test('refuses a payload that is not the queue’s', async () => {
    await expect(studies.add({ jobId: 'NO' })).rejects.toMatchObject({ code: 'internal' });
    await expect(studies.add({ jobId: 'NO' })).rejects.toThrow(/jobId.*found "NO"/);
  });

  test('a payload that another program added is refused, once, and frees its name', async () => {
    const seen: unknown[] = [];
    await work(async (payload) => {
      seen.push(payload);
    });
    const raw = new Queue('studies', { connection: redis.failFast, prefix: QUEUE_PREFIX });
    await raw.add('studies', { other: 1 }, { jobId: 'foreign', removeOnFail: true });
    await until(async () => (await studies.state('foreign')) === 'absent');
    expect(seen).toEqual([]);
    await raw.close();
  });

  test('a task is known by its name: added twice it is one, done it is absent, removed it never runs', async () => {
    await studies.add({ jobId: 'job-one' }, { id: 'a-task' });
    await studies.add({ jobId: 'job-two' }, { id: 'a-task' });
    await studies.add({ jobId: 'job-late' }, { id: 'late', delayMs: 60_000 });
    expect(await studies.state('a-task')).toBe('waiting');
    expect(await studies.state('late')).toBe('delayed');
    expect(await studies.depth()).toEqual({ waiting: 1, delayed: 1, active: 0 });
    await studies.remove('late');
    expect(await studies.state('late')).toBe('absent');
    const seen: string[] = [];
    await work(async ({ jobId }) => {
      seen.push(jobId);
    });
    await until(async () => (await studies.state('a-task')) === 'absent');
    expect(seen).toEqual(['job-one']);
  });

  test('removing a task that is worked on leaves it alone', async () => {
    let finish: () => void = () => undefined;
    await work(() => new Promise((resolve) => (finish = resolve)));
    await studies.add({ jobId: 'job-one' }, { id: 'a-task' });
    await until(async () => (await studies.state('a-task')) === 'active');
    await studies.remove('a-task');
    expect(await studies.state('a-task')).toBe('active');
    finish();
    await until(async () => (await studies.state('a-task')) === 'absent');
  });
});

describe('asking for an advance', () => {
  test('many requests while one waits are one; while one runs, one more follows', async () => {
    for (let i = 0; i < 5; i++) await requestAdvance(studies, 'job-one');
    expect((await studies.depth()).waiting).toBe(1);
    const finish: (() => void)[] = [];
    await work(() => new Promise((resolve) => finish.push(resolve)));
    await until(() => finish.length === 1);
    for (let i = 0; i < 5; i++) await requestAdvance(studies, 'job-one');
    finish[0]!();
    await until(() => finish.length === 2);
    finish[1]!();
    await until(async () => (await studies.depth()).active === 0);
    expect(await studies.depth()).toEqual({ waiting: 0, delayed: 0, active: 0 });
    expect(finish).toHaveLength(2);
  });

  test('an advance that fails does not block the next request', async () => {
    let runs = 0;
    await work(async () => {
      if (++runs === 1) throw new Error('the first one fails');
    });
    await requestAdvance(studies, 'job-one');
    await until(() => runs === 1);
    await until(async () => (await studies.depth()).active === 0);
    await requestAdvance(studies, 'job-one');
    await until(() => runs === 2);
  });
});

describe('a typed worker', () => {
  test('hands a task back to another worker', async () => {
    const seen: string[] = [];
    const first = await work(async (_payload, { release }) => {
      seen.push('first');
      await first.pause();
      await release();
    });
    await studies.add({ jobId: 'job-one' }, { id: 'a-task' });
    await until(async () => seen.length === 1 && (await studies.state('a-task')) === 'waiting');
    await work(async () => {
      seen.push('second');
    });
    await until(async () => (await studies.state('a-task')) === 'absent');
    expect(seen).toEqual(['first', 'second']);
  });

  /** A task that is worked on until the returned `end` is called. */
  async function atWork(lockMs: number) {
    const ended = Promise.withResolvers<undefined>();
    const seen = { taken: 0, lost: false };
    await work(async (_payload, { signal }) => {
      seen.taken++;
      signal.addEventListener('abort', () => (seen.lost = true));
      await ended.promise;
    }, lockMs);
    await studies.add({ jobId: 'job-one' }, { id: 'a-task' });
    await until(() => seen.taken === 1);
    return { seen, end: () => ended.resolve(undefined) };
  }
  const key = (name: string) => `${QUEUE_PREFIX}:studies:${name}`;
  const lock = key('a-task:lock');

  test('is told when its task was lost to another', async () => {
    const { seen, end } = await atWork(200);
    await redis.blocking.set(lock, 'another worker');
    await until(() => seen.lost);
    end();
  });

  test('keeps a task whose lock ran out when nobody else has taken it', async () => {
    const { seen, end } = await atWork(2000);
    const token = await redis.blocking.get(lock);
    await redis.blocking.multi().srem(key('stalled'), 'a-task').del(lock).exec();
    await until(async () => (await redis.blocking.get(lock)) === token);
    end();
    await until(async () => (await studies.state('a-task')) === 'absent');
    expect(seen).toEqual({ taken: 1, lost: false });
  });

  test('keeps its task while Redis is full', async () => {
    const { seen, end } = await atWork(2000);
    await redis.blocking.config('SET', 'maxmemory', '1');
    for (let renewals = 0, before = 0; renewals < 3;) {
      const left = await redis.blocking.pttl(lock);
      if (left > before) renewals++;
      before = left;
    }
    await redis.blocking.config('SET', 'maxmemory', '0');
    end();
    await until(async () => (await studies.state('a-task')) === 'absent');
    expect(seen).toEqual({ taken: 1, lost: false });
  });

  test('does not wait for ever when it is closed', async () => {
    const worker = await work(() => new Promise(() => undefined));
    await studies.add({ jobId: 'job-one' }, { id: 'a-task' });
    await until(async () => (await studies.state('a-task')) === 'active');
    await worker.close(50);
    expect(await studies.state('a-task')).toBe('active');
  });

  test('goes on after Redis was unreachable', async () => {
    const seen: string[] = [];
    await work(async ({ jobId }) => {
      seen.push(jobId);
    });
    await studies.add({ jobId: 'job-one' });
    await until(() => seen.length === 1);
    await server.stop();
    await expect(studies.add({ jobId: 'job-two' })).rejects.toMatchObject({ code: 'redis-unavailable' });
    await server.restart();
    await redis.ready();
    await studies.add({ jobId: 'job-three' });
    await until(() => seen.length === 2);
    expect(seen).toEqual(['job-one', 'job-three']);
  });
});

describe('the stall check', () => {
  test('gives the task of a dead worker to the next one, though no worker was left', async () => {
    const raw = new Queue('studies', { connection: redis.failFast, prefix: QUEUE_PREFIX });
    // Asking the state instead could come too late: a busy machine may renew the lock late, and the task waits again.
    const taken = Promise.withResolvers<undefined>();
    const dying = await work(() => {
      taken.resolve(undefined);
      return new Promise(() => undefined);
    }, 500);
    await studies.add({ jobId: 'job-one' }, { id: 'a-task' });
    await taken.promise;
    await dying.close(0);
    const check = new StallCheck('studies', { redis: redis.blocking, logger, everyMs: 100 });
    const timer = check.start();
    await until(async () => (await studies.state('a-task')) === 'waiting');
    await check.close();
    await timer;
    await raw.close();
  });
});

describe('the check at start-up', () => {
  const worker = (name: 'studies' | 'plots') => ({ name });
  test('every queue has exactly one worker', () => {
    expect(() => checkWorkers(['studies'], [worker('studies')])).not.toThrow();
    expect(() => checkWorkers(['studies'], [])).toThrow(/studies: expected 1 processors, found 0/);
    expect(() => checkWorkers(['studies'], [worker('studies'), worker('studies')])).toThrow(/found 2/);
    expect(() => checkWorkers([], [worker('plots')])).toThrow(/plots: expected 0 processors, found 1/);
  });
});
