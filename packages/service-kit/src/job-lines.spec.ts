import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { JobLines, LINES_KEPT, readJobLines } from './job-lines.ts';
import { createLogger, type Logger } from './logger.ts';
import { StudyLog } from './study-log.ts';
import { startRedisServer, type RedisServer } from './testing/index.ts';
import { redisKeys } from './redis-keys.ts';

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  redis = new Redis(server.url);
  // One test takes the server away.
  redis.on('error', () => undefined);
  await redis.ping();
});
afterAll(async () => {
  redis.disconnect();
  await server.remove();
});

/** A service's logger whose lines of jobs go to Redis. */
function service(): { logger: Logger; lines: JobLines } {
  const lines = new JobLines();
  const nowhere = { write: () => undefined };
  const logger = createLogger({ service: 'spec', also: (line) => lines.take(line) }, nowhere);
  lines.sendTo(redis);
  return { logger, lines };
}

const all = async (jobId: string) =>
  (await readJobLines(redis, jobId, { after: null, count: LINES_KEPT * 2 })).lines;

describe('lines of a job', () => {
  test('are kept by job, with what they are about', async () => {
    const { logger, lines } = service();
    logger.info('about no job');
    logger.info({ jobId: 'no id of a job!' }, 'about no job either');
    const child = logger.child({ jobId: 'job-lines-1', trainer: 'trainer-1' });
    child.info({ trial: 3, end: 'completed' }, 'the attempt has ended');
    child.warn({ trial: 'final', err: new Error('no room') }, 'it cannot be stored');
    logger.info({ jobId: 'job-lines-2', requestId: 'r-1' }, 'the job is accepted');
    await lines.flush();
    expect(await all('job-lines-1')).toEqual([
      {
        id: expect.stringMatching(/^\d+-\d+$/),
        at: expect.any(Number),
        level: 'info',
        service: 'spec',
        message: 'the attempt has ended',
        trial: 3,
        trainer: 'trainer-1',
        requestId: null,
        fields: { end: 'completed' },
      },
      expect.objectContaining({ level: 'warn', trial: 'final', message: 'it cannot be stored: no room' }),
    ]);
    expect(await all('job-lines-2')).toMatchObject([{ requestId: 'r-1', trial: null }]);
    const stored = JSON.stringify(await redis.xrange(redisKeys.lines('job-lines-1'), '-', '+'));
    expect(stored).not.toContain('job-lines.spec.ts');
  });

  test('are read on from the last one', async () => {
    const { logger, lines } = service();
    for (let n = 0; n < 5; n++) logger.info({ jobId: 'job-paged' }, `line ${n}`);
    await lines.flush();
    const first = await readJobLines(redis, 'job-paged', { after: null, count: 3 });
    expect(first.found).toBe(3);
    const second = await readJobLines(redis, 'job-paged', { after: first.last, count: 3 });
    expect(second.lines.map(({ message }) => message)).toEqual(['line 3', 'line 4']);
    const none = await readJobLines(redis, 'job-paged', { after: second.last, count: 3 });
    expect(none).toEqual({ lines: [], found: 0, last: null });
  });

  test('are bounded in number, in length, and in time; and go with the study', async () => {
    const { logger, lines } = service();
    for (let n = 0; n < LINES_KEPT + 1500; n++) {
      logger.info({ jobId: 'job-bounded' }, `line ${n}`);
      if (n % 1000 === 999) await lines.flush();
    }
    logger.info({ jobId: 'job-bounded', large: 'x'.repeat(50_000) }, 'large');
    await lines.flush();
    const kept = await all('job-bounded');
    // Redis drops whole blocks of entries.
    expect(kept.length).toBeLessThan(LINES_KEPT + 200);
    expect(kept.at(-1)).toMatchObject({ message: 'large', fields: { shortened: true } });
    expect(JSON.stringify(kept.at(-1)).length).toBeLessThan(1000);
    expect(await redis.ttl(redisKeys.lines('job-bounded'))).toBeGreaterThan(86_400);
    await new StudyLog(redis).remove('job-bounded');
    expect(await all('job-bounded')).toEqual([]);
  });

  test('are dropped while Redis is unreachable, and nobody waits for them', async () => {
    const { logger, lines } = service();
    await server.stop();
    for (let n = 0; n < 10_000; n++) logger.info({ jobId: 'job-away' }, `line ${n}`);
    await lines.flush();
    await server.restart();
    await redis.ping();
    await lines.flush();
    expect((await all('job-away')).length).toBeLessThan(LINES_KEPT);
  });
});
