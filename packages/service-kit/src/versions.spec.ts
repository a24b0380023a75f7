/** Services of neighbouring versions on one Redis; whole builds of two versions are in tests/upgrade. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Queue } from 'bullmq';
import {
  eventOfLine,
  eventSince,
  WIRE_VERSION,
  type NewStudyEvent,
  type StudyEventType,
} from '@onegin/contracts';
import { Fleet } from './fleet.ts';
import { createLogger } from './logger.ts';
import { connectRedis, type RedisConnections } from './redis-connections.ts';
import { QUEUE_PREFIX, redisKeys } from './redis-keys.ts';
import { StudyLog } from './study-log.ts';
import { startRedisServer, type RedisServer } from './testing/redis-server.ts';
import { eventAt } from './testing/study-events.ts';
import { until } from './testing/until.ts';
import { TypedQueue } from './typed-queue.ts';
import { TypedWorker } from './typed-worker.ts';

const lines: { level: string; msg: string }[] = [];
const logger = createLogger(
  { service: 'spec', level: 'warn' },
  { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) },
);
let server: RedisServer;
let redis: RedisConnections;

beforeAll(async () => {
  server = await startRedisServer();
  redis = connectRedis(server.url, { name: 'spec', logger });
});
afterEach(async () => {
  lines.length = 0;
  await redis.blocking.flushall();
});
afterAll(async () => {
  redis.close();
  await server.remove();
});

const NEWER = WIRE_VERSION + 1;

describe('a fleet', () => {
  const older = { id: 'orchestrator-old', text: JSON.stringify({ version: WIRE_VERSION - 1 }) };

  test('is of the version of its oldest service, while that lives', async () => {
    await redis.blocking.set(redisKeys.fleetMember(older.id), older.text);
    await redis.blocking.zadd(redisKeys.fleet, Date.now(), older.id);
    const fleet = new Fleet(redis.failFast, 'gateway');
    expect(fleet.version).toBe(WIRE_VERSION);
    await fleet.join();
    expect(fleet.version).toBe(WIRE_VERSION - 1);
    await redis.blocking.del(redisKeys.fleetMember(older.id));
    await until(() => fleet.version === WIRE_VERSION);
    await fleet.leave();
    expect(await redis.blocking.zrange(redisKeys.fleet, 0, '-1')).toEqual([older.id]);
  });

  test('keeps back an event that one of its services could not read, and writes the others', async () => {
    const since = eventSince as Partial<Record<StudyEventType, number>>;
    const fleet = { version: WIRE_VERSION };
    const log = new StudyLog(redis.blocking, { fleet });
    const at = { jobId: 'job-fleet', target: 0, attempt: 1, epoch: 1 };
    const events = ['JobRequested', 'JobStarted', 'Warning', 'TrainingQueued'].map((type) =>
      eventAt(type as StudyEventType, at),
    );
    since.Warning = NEWER;
    try {
      expect(log.canWrite('Warning')).toBe(false);
      expect((await log.append(at.jobId, events)).refusals).toEqual([null, null, 'fleet-version', null]);
      fleet.version = NEWER;
      expect((await log.append(at.jobId, [events[2]!])).refusals).toEqual([null]);
    } finally {
      delete since.Warning;
    }
    const types = (await log.read(at.jobId, 0)).map(({ type }) => type);
    expect(types).toEqual(['JobRequested', 'JobStarted', 'TrainingQueued', 'Warning']);
  });
});

describe('a log with an event of a newer version', () => {
  const jobId = 'job-newer';
  const at = { jobId, target: 0, attempt: 1, epoch: 1 };
  const newer = JSON.stringify({ version: NEWER, type: 'TrainingBlessed', target: 0 });
  let log: StudyLog;

  async function write(): Promise<NewStudyEvent[]> {
    log = new StudyLog(redis.blocking);
    const known = [eventAt('JobRequested', at), eventAt('JobStarted', at)];
    await log.append(jobId, known);
    await redis.blocking.xadd(redisKeys.log(jobId), '3-0', 'at', '5', 'event', newer);
    await redis.blocking.hset(redisKeys.trials(jobId), 'seq', 3);
    return known;
  }
  const waits = { code: 'newer-version', message: expect.stringContaining('TrainingBlessed') };

  test('is read as far as it is known, and not folded', async () => {
    const known = await write();
    expect((await log.read(jobId, 0)).map(({ type }) => type)).toEqual(known.map(({ type }) => type));
    await expect(log.read(jobId, 2)).rejects.toMatchObject(waits);
    await expect(log.load(jobId)).rejects.toMatchObject(waits);
  });

  test('is told whole, as it stands', async () => {
    const known = await write();
    let text = '';
    for await (const page of log.lines(jobId)) text += page;
    const told = text.trimEnd().split('\n');
    expect(told.slice(0, 2).map(eventOfLine)).toMatchObject(known);
    expect(JSON.parse(told[2]!)).toEqual({ ...(JSON.parse(newer) as object), seq: 3, at: 5 });
  });
});

test('a task that only a newer version understands waits for it, with one warning, and holds up nobody', async () => {
  const seen: unknown[] = [];
  const worker = new TypedWorker('studies', async (payload) => void seen.push(payload), {
    redis: redis.blocking,
    logger,
  });
  await worker.start();
  const raw = new Queue('studies', { connection: redis.failFast, prefix: QUEUE_PREFIX });
  const studies = new TypedQueue('studies', redis.failFast);
  await raw.add('studies', { version: NEWER, study: 'job-newer' }, { jobId: 'newer' });
  await raw.add('studies', { version: NEWER, jobId: 'job-known', hurry: true }, { jobId: 'known' });
  await until(() => seen.length === 1);
  expect(seen).toEqual([{ version: NEWER, jobId: 'job-known', hurry: true }]);
  await until(async () => (await studies.state('newer')) === 'delayed');
  // It is offered again, and told of no second time.
  await until(async () => ((await raw.getJob('newer'))?.attemptsStarted ?? 0) > 1);
  await worker.close(1000);
  expect(await studies.state('newer')).toMatch(/delayed|waiting/);
  expect(lines.filter(({ msg }) => msg.includes('newer version'))).toHaveLength(1);
  await raw.close();
  await studies.close();
});
