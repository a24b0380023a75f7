import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  batchProgressSchema,
  stampVersion,
  type BatchProgress,
  type ControlMessage,
  type TrainerHeartbeat,
} from '@onegin/contracts';
import { BatchProgressPublisher, PROGRESS_INTERVAL_MS } from './batch-progress.ts';
import { sendControl, watchControl } from './control.ts';
import { listHeartbeats, removeHeartbeat, writeHeartbeat } from './heartbeats.ts';
import { LIVE_MS } from './live-entries.ts';
import { createLogger } from './logger.ts';
import { connectRedis, type RedisConnections } from './redis-connections.ts';
import { Subscriptions } from './subscriptions.ts';
import { startRedisServer, type RedisServer } from './testing/redis-server.ts';
import { until } from './testing/until.ts';
import { redisChannels, redisKeys } from './redis-keys.ts';

let server: RedisServer;
let redis: RedisConnections;
let subscriptions: Subscriptions;

beforeAll(async () => {
  server = await startRedisServer();
  redis = connectRedis(server.url, {
    name: 'spec',
    logger: createLogger({ service: 'spec', level: 'silent' }),
  });
  subscriptions = new Subscriptions(redis.open('subscriber'));
});
afterEach(() => redis.blocking.flushall());
afterAll(async () => {
  redis.close();
  await server.remove();
});

describe('control', () => {
  const message: ControlMessage = { jobId: 'job-one', target: 3, action: 'prune' };
  const watch = (target: number | 'final', heard: ControlMessage[]) =>
    watchControl({ redis: redis.blocking, subscriptions }, { jobId: 'job-one', target }, (m) =>
      heard.push(m),
    );

  test('reaches who watches and who comes late, each once', async () => {
    const early: ControlMessage[] = [];
    const other: ControlMessage[] = [];
    const late: ControlMessage[] = [];
    const stops = [await watch(3, early), await watch('final', other)];
    await sendControl(redis.blocking, message);
    await until(() => early.length > 0);
    stops.push(await watch(3, late));
    const sent = stampVersion(message);
    expect([early, other, late]).toEqual([[sent], [], [sent]]);
    await sendControl(redis.blocking, message);
    await sendControl(redis.blocking, { ...message, target: 'final' });
    await until(() => other.length > 0);
    expect([early.length, late.length]).toEqual([1, 1]);
    for (const stop of stops) stop();
  });
});

describe('heartbeats', () => {
  const heartbeat: TrainerHeartbeat = {
    id: 'trainer-b',
    host: 'a-host',
    pid: 1,
    resource: 'cpu',
    engine: 'native',
    device: 'cpu',
    slots: 1,
    status: 'ready',
    current: [],
    stepsPerSecond: null,
    samplesPerSecond: null,
    completed: 0,
    failedInARow: 0,
    failed: 0,
    startedAt: 1,
    at: Date.now(),
    simulated: false,
  };

  test('list the live trainers, until they say that they end', async () => {
    await writeHeartbeat(redis.blocking, heartbeat);
    await writeHeartbeat(redis.blocking, { ...heartbeat, id: 'trainer-a' });
    expect((await listHeartbeats(redis.blocking)).map(({ id }) => id)).toEqual(['trainer-a', 'trainer-b']);
    await removeHeartbeat(redis.blocking, 'trainer-a');
    expect(await listHeartbeats(redis.blocking)).toEqual([stampVersion(heartbeat)]);
  });

  test('forget a silent trainer', async () => {
    await writeHeartbeat(redis.blocking, { ...heartbeat, at: Date.now() - 3 * LIVE_MS });
    expect(await redis.blocking.pttl(redisKeys.trainer(heartbeat.id))).toBeLessThanOrEqual(LIVE_MS);
    await redis.blocking.del(redisKeys.trainer(heartbeat.id));
    expect(await listHeartbeats(redis.blocking)).toEqual([]);
    expect(await redis.blocking.zcard(redisKeys.trainers)).toBe(0);
  });

  test('leave out what another version wrote', async () => {
    await writeHeartbeat(redis.blocking, heartbeat);
    await redis.blocking.set(redisKeys.trainer(heartbeat.id), '{"id":"trainer-b","form":2}');
    expect(await listHeartbeats(redis.blocking)).toEqual([]);
  });
});

describe('progress inside an epoch', () => {
  test('is told at most four times a second, the newest value each time', async () => {
    const heard: BatchProgress[] = [];
    const stop = await subscriptions.listen(redisChannels.progress('job-one'), (text) =>
      heard.push(batchProgressSchema.parse(JSON.parse(text))),
    );
    const publisher = new BatchProgressPublisher(redis.blocking);
    await redis.blocking.ping();
    const at = (batch: number): BatchProgress => ({
      jobId: 'job-one',
      target: 0,
      epoch: 1,
      epochs: 2,
      batch,
      batches: 1000,
      loss: 0.5,
    });
    const begin = performance.now();
    let batch = 0;
    while (performance.now() - begin < 2.5 * PROGRESS_INTERVAL_MS) {
      publisher.publish(at(++batch));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until(() => heard.at(-1)?.batch === batch);
    publisher.stop();
    stop();
    const seconds = (performance.now() - begin) / 1000;
    // Node's timers may fire a millisecond early, each.
    const early = 0.001 * heard.length;
    expect(heard.length).toBeLessThanOrEqual(4 * (seconds + early) + 1);
    expect(heard.length).toBeGreaterThan(1);
    expect(heard[0]!.batch).toBe(1);
  });
});
