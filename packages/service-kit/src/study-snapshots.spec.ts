import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { reduceStudy, type NewStudyEvent, type StudyEventType, type StudyState } from '@onegin/contracts';
import { StudySnapshots } from './study-snapshots.ts';
import { startRedisServer, type RedisServer } from './testing/redis-server.ts';
import { eventAt } from './testing/study-events.ts';
import { redisKeys } from './redis-keys.ts';

const jobId = 'job-snapshots';
const key = redisKeys.snapshot(jobId);
let server: RedisServer;
let redis: Redis;
let snapshots: StudySnapshots;
let state: StudyState;

beforeAll(async () => {
  server = await startRedisServer();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.remove();
});
beforeEach(async () => {
  await redis.flushall();
  snapshots = new StudySnapshots(redis);
  state = reduceStudy(null, { ...eventAt('JobRequested', at(0)), seq: 1, at: 1 });
  tell('JobStarted', 0);
});

const at = (target: number, attempt = 1) => ({ jobId, target, attempt, epoch: 1 });
function tell(type: StudyEventType, number: number, attempt = 1): void {
  fold(eventAt(type, at(number, attempt)));
}
function fold(event: NewStudyEvent): void {
  reduceStudy(state, { ...event, seq: state.seq + 1, at: state.seq + 1 });
}

/** Trials that end as they are told to. */
function trials(from: number, to: number, end: StudyEventType = 'TrainingCompleted'): void {
  for (let number = from; number < to; number++) {
    for (const type of ['TrainingQueued', 'TrainingStarted', 'EpochEnded'] as const) tell(type, number);
    tell(end, number);
  }
}
function charts(target: number, run: number, ready = true): void {
  fold({ type: 'PlotsQueued', target, run });
  if (ready) fold({ type: 'PlotsReady', target, run, artifacts: [] });
}

const stored = async () => (await redis.hkeys(key)).sort();
const read = () => new StudySnapshots(redis).read(jobId, state.seq);

describe('a snapshot', () => {
  test('of a study without trials comes back', async () => {
    await snapshots.write(state);
    expect(await read()).toEqual(state);
    expect(await stored()).toEqual(['head']);
  });

  test('comes back with all that ended, that waits, and that runs', async () => {
    trials(0, 230);
    trials(230, 240, 'TrainingPaused');
    trials(240, 660, 'TrainingPruned');
    for (let target = 0; target < 230; target++) charts(target, 1, target % 2 === 0);
    tell('TrainingQueued', 660);
    await snapshots.write(state);
    expect(await read()).toEqual(state);
    expect(await stored()).toEqual(['block:0', 'block:1', 'block:2', 'head']);
    expect((await read())!.trials.map(({ number }) => number)).toEqual(state.trials.map((_, i) => i));
  });

  test('writes what has ended once, however often it is written', async () => {
    trials(0, 450);
    await snapshots.write(state);
    const [first, second] = await redis.hmget(key, 'block:0', 'block:1');
    // Were they written again, this would be gone.
    await redis.hset(key, { 'block:0': 'untouched', 'block:1': 'untouched' });
    trials(450, 700);
    await snapshots.write(state);
    expect(await redis.hmget(key, 'block:0', 'block:1')).toEqual(['untouched', 'untouched']);
    expect(await stored()).toEqual(['block:0', 'block:1', 'block:2', 'head']);
    expect([first, second]).not.toContain(null);
  });

  test('that was read is continued', async () => {
    trials(0, 450);
    await snapshots.write(state);
    const other = new StudySnapshots(redis);
    state = (await other.read(jobId, state.seq))!;
    await redis.hset(key, 'block:9', 'of another story');
    trials(450, 700);
    await other.write(state);
    expect((await read())!).toEqual(state);
    expect(await stored()).toEqual(['block:0', 'block:1', 'block:2', 'block:9', 'head']);
  });

  test('has the charts that were asked for again, not those of before', async () => {
    trials(0, 200);
    for (let target = 0; target < 200; target++) charts(target, 1);
    await snapshots.write(state);
    charts(7, 2, false);
    await snapshots.write(state);
    const again = (await read())!;
    expect(again).toEqual(state);
    expect(again.plots['7']).toMatchObject({ run: 2, status: 'queued' });
  });

  test('is not used when a block is gone, of another version, or of events that the log has lost', async () => {
    trials(0, 450);
    await snapshots.write(state);
    expect(await snapshots.read(jobId, state.seq - 1)).toBeNull();
    await redis.hdel(key, 'block:1');
    expect(await read()).toBeNull();
    // The next one makes it whole again.
    await snapshots.write(state);
    expect(await read()).toEqual(state);
  });

  test('costs what is open: its head stays small as the study grows', async () => {
    const sizes = [];
    for (const end of [1000, 2000, 4000]) {
      trials(state.trials.length, end);
      await snapshots.write(state);
      sizes.push(await redis.hstrlen(key, 'head'));
    }
    expect(Math.max(...sizes)).toBeLessThan(20_000);
    expect(await read()).toEqual(state);
  });
});
