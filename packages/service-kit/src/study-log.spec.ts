import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import {
  acceptEvent,
  HEALTH_METRICS,
  newRecords,
  reduceStudy,
  transitionOf,
  type NewStudyEvent,
  type StudyRecords,
  type StudyState,
} from '@onegin/contracts';
import { StudyLog } from './study-log.ts';
import {
  eventAt,
  EVENT_KINDS,
  exampleConfig,
  exampleResult,
  type EventSubject,
} from './testing/study-events.ts';
import { startRedisServer, type RedisServer } from './testing/redis-server.ts';
import { redisChannels, redisKeys } from './redis-keys.ts';

let server: RedisServer;
let redis: Redis;
let log: StudyLog;
let jobs = 0;
const newJob = () => `job-${String(++jobs).padStart(5, '0')}`;

beforeAll(async () => {
  server = await startRedisServer();
  redis = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  log = new StudyLog(redis);
});
afterAll(async () => {
  redis.disconnect();
  await server.remove();
});

/** A study that runs, with trial 0 in its first attempt. */
async function runningStudy(jobId = newJob()): Promise<string> {
  const events = ['JobRequested', 'JobStarted', 'TrainingQueued', 'TrainingStarted'] as const;
  const { refusals } = await log.append(
    jobId,
    events.map((type) => eventAt(type, { jobId, target: 0, attempt: 1, epoch: 1 })),
  );
  expect(refusals).toEqual([null, null, null, null]);
  return jobId;
}

const epochOf = (epoch: number, attempt = 1) =>
  eventAt('EpochEnded', { jobId: '', target: 0, attempt, epoch });
const completed = eventAt('TrainingCompleted', { jobId: '', target: 0, attempt: 1, epoch: 1 });

describe('the transition check inside Redis', () => {
  const step = fc.record({
    type: fc.constantFrom(...EVENT_KINDS),
    target: fc.constantFrom(0, 1, 2, 'final' as const),
    attempt: fc.integer({ min: 1, max: 3 }),
    epoch: fc.integer({ min: 1, max: 3 }),
    /** An event as drawn, one that the reference accepts, or one that just misses that. */
    how: fc.constantFrom('as drawn', 'allowed', 'allowed', 'allowed', 'missed'),
    pick: fc.nat(1000),
    /** Whether it is sent in one append with the one before. */
    together: fc.boolean(),
  });
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

  /** The event of a type that fits the records best. */
  const fitted = (records: StudyRecords, jobId: string, { type, target: drawn }: Step): EventSubject => {
    const target = type === 'TrainingQueued' && drawn !== 'final' ? records.trials : drawn;
    const { subject } = transitionOf(eventAt(type, { jobId, target, attempt: 1, epoch: 1 }));
    const record = subject && records.subjects.get(subject.name);
    const counter = (record?.counter ?? 0) + (subject?.counter?.rule === 'next' ? 1 : 0);
    return { jobId, target, attempt: Math.max(1, counter), epoch: (record?.epoch ?? 0) + 1 };
  };

  const copyOf = (records: StudyRecords): StudyRecords => ({
    ...records,
    subjects: new Map(records.subjects),
  });

  const endsJob = (type: string) => /^Job(Completed|Failed|Cancelled)|SearchEnded|CancelRequested/.test(type);

  function choose(records: StudyRecords, jobId: string, s: Step): NewStudyEvent {
    if (s.how === 'as drawn') return eventAt(s.type, { jobId, ...s });
    const allowed = EVENT_KINDS.filter(
      (type) => type !== 'JobRequested' && (!endsJob(type) || s.pick % 20 === 0),
    )
      .map((type) => ({ type, at: fitted(records, jobId, { ...s, type }) }))
      .filter(({ type, at }) => acceptEvent(copyOf(records), eventAt(type, at)) === null);
    const { type, at } = allowed[s.pick % allowed.length] ?? { type: s.type, at: { jobId, ...s } };
    if (s.how === 'allowed') return eventAt(type, at);
    const counted = allowed.filter((candidate) => /Epoch|Progressed/.test(candidate.type));
    const epochs = counted[s.pick % counted.length];
    if (epochs)
      return eventAt(epochs.type, {
        ...epochs.at,
        epoch: Math.max(1, epochs.at.epoch + (s.pick % 2 ? 1 : -1)),
      });
    return eventAt(
      type,
      s.pick % 2
        ? { ...at, target: at.target === 'final' ? 0 : at.target + 1 }
        : { ...at, attempt: at.attempt + 1 },
    );
  }

  test('refuses and accepts exactly as the TypeScript reference, and keeps the same records', async () => {
    const seen = new Map<string, number>();
    const steps = fc.array(step, { minLength: 10, maxLength: 80, size: 'max' });
    await fc.assert(
      fc.asyncProperty(steps, async (drawn) => {
        const jobId = newJob();
        const reference = newRecords();
        const accepted: NewStudyEvent[] = [];
        const expected: (string | null)[] = [];
        const batches: NewStudyEvent[][] = [];
        const take = (event: NewStudyEvent, together: boolean) => {
          const refusal = acceptEvent(reference, event);
          expected.push(refusal);
          if (!refusal) accepted.push(event);
          seen.set(refusal ?? 'accepted', (seen.get(refusal ?? 'accepted') ?? 0) + 1);
          if (together && batches.length > 0) batches.at(-1)!.push(event);
          else batches.push([event]);
        };
        take(eventAt('JobRequested', { jobId, target: 0, attempt: 1, epoch: 1 }), false);
        for (const s of drawn) take(choose(reference, jobId, s), s.together);
        const found: (string | null)[] = [];
        for (const batch of batches) found.push(...(await log.append(jobId, batch)).refusals);
        expect(found).toEqual(expected);

        const events = await log.read(jobId, 0);
        expect(events.map(({ seq: _s, at: _a, ...event }) => event)).toEqual(accepted);
        expect(events.map(({ seq }) => seq)).toEqual(accepted.map((_, i) => i + 1));
        expect(await recordsOf(jobId)).toEqual(plainRecords(reference, accepted.length));
        const state = events.reduce(reduceStudy, null as never) as StudyState;
        expect(await log.load(jobId)).toEqual(state);
        expect(await log.trialCounts([jobId])).toEqual(state.counts);
      }),
      { numRuns: 100 },
    );
    // Otherwise equality would say little. Means of these are ten times as high.
    for (const code of ['accepted', 'job-status', 'subject-status', 'attempt', 'epoch', 'trial-number'])
      expect([code, (seen.get(code) ?? 0) > 3]).toEqual([code, true]);
  });

  test('says why it refuses', async () => {
    const jobId = await runningStudy();
    const at = { jobId, target: 0, attempt: 1, epoch: 1 };
    const cancelled = await log.append(jobId, [
      eventAt('JobRequested', at),
      eventAt('JobStarted', at),
      eventAt('JobCancelled', at),
      eventAt('TrainingQueued', { ...at, target: 2 }),
      eventAt('TrainingQueued', { ...at, target: 0 }),
      eventAt('TrainingStarted', { ...at, attempt: 3 }),
      eventAt('EpochEnded', { ...at, epoch: 2 }),
      eventAt('TrainingPromoted', at),
      eventAt('CancelRequested', at),
      eventAt('CancelRequested', at),
      eventAt('TrainingQueued', { ...at, target: 1 }),
    ]);
    expect(cancelled.refusals).toEqual([
      'job-exists',
      'job-status',
      'cancel-not-requested',
      'trial-number',
      'trial-number',
      'attempt',
      'epoch',
      'subject-status',
      null,
      'cancel-requested',
      'cancel-requested',
    ]);
  });

  test('refuses all but the first event of a job that is not there, and leaves nothing behind', async () => {
    const jobId = newJob();
    const { refusals, seq } = await log.append(jobId, [epochOf(1)]);
    expect(refusals).toEqual(['job-unknown']);
    expect(seq).toBe(0);
    expect(await redis.exists(redisKeys.log(jobId), redisKeys.trials(jobId))).toBe(0);
    expect(await log.load(jobId)).toBeNull();
  });

  test('lets one of many outcomes win', async () => {
    const jobId = await runningStudy();
    const others = await Promise.all([...Array(8)].map(() => secondLog()));
    const results = await Promise.all(others.map(({ log }) => log.append(jobId, [completed])));
    expect(results.filter(({ refusals }) => refusals[0] === null)).toHaveLength(1);
    expect((await log.load(jobId))!.counts.completed).toBe(1);
    for (const other of others) other.close();
  });

  async function recordsOf(jobId: string) {
    const hash = await redis.hgetall(redisKeys.trials(jobId));
    return Object.fromEntries(Object.entries(hash).filter(([field]) => !/^(writer|in):/.test(field)));
  }

  const plainRecords = (records: StudyRecords, seq: number) => ({
    job: records.job,
    seq: String(seq),
    ...(records.cancelRequested && { cancel: '1' }),
    ...(records.trials > 0 && { count: String(records.trials) }),
    ...Object.fromEntries(
      [...records.subjects].map(([name, r]) => [name, `${r.status}:${r.counter}:${r.epoch}`]),
    ),
  });
});

async function secondLog() {
  const client = new Redis(server.url);
  await client.ping();
  return { log: new StudyLog(client), close: () => client.disconnect() };
}

describe('appending', () => {
  test('an append that is sent again because the connection broke counts once', async () => {
    const jobId = await runningStudy();
    const epochs = [...Array(40)].map((_, i) => log.append(jobId, [epochOf(i + 1)]));
    // Connections are cut under the commands that wait for their answers.
    const killer = new Redis(server.url);
    for (let i = 0; i < 10; i++) {
      await killer.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    killer.disconnect();
    const results = await Promise.all(epochs);
    expect(results.flatMap(({ refusals }) => refusals)).toEqual(Array(40).fill(null));
    expect((await log.load(jobId))!.trials[0]!.epochs).toHaveLength(40);
  });

  test('the same command given twice answers as the first time', async () => {
    const jobId = await runningStudy();
    const command = redis as unknown as { oneginAppend(...args: string[]): Promise<string[]> };
    const event = epochOf(1);
    const send = () =>
      command.oneginAppend(
        redisKeys.log(jobId),
        redisKeys.trials(jobId),
        redisChannels.changed(jobId),
        'a-writer',
        '7',
        '',
        JSON.stringify(event),
        JSON.stringify(transitionOf(event)),
      );
    const first = await send();
    expect(first[3]).toBe('');
    expect(await send()).toEqual(first);
    expect(await log.lastSeq(jobId)).toBe(5);
  });

  test('a decision made from an older state than another decision is not appended', async () => {
    const jobId = await runningStudy();
    const warning = { type: 'Warning', code: 'a', message: 'b' } as const;
    expect((await log.append(jobId, [warning], { decidedFrom: 4 })).superseded).toBe(false);
    // What is no decision stands in nobody's way.
    await log.append(jobId, [epochOf(1)]);
    const late = await log.append(jobId, [warning], { decidedFrom: 4 });
    expect(late).toEqual({ seq: 6, refusals: [], events: [], superseded: true });
    expect((await log.append(jobId, [warning], { decidedFrom: 5 })).refusals).toEqual([null]);
  });

  test('an event with a number that JSON does not have is the writer’s mistake', async () => {
    const event = { ...epochOf(1), summary: { seconds: Number.NaN } } as unknown as NewStudyEvent;
    expect(() => log.append(newJob(), [event])).toThrow(/summary.seconds.*found NaN/);
  });

  test('tells who listens the last sequence number', async () => {
    const jobId = await runningStudy();
    const listener = new Redis(server.url);
    await listener.subscribe(redisChannels.changed(jobId));
    const told = new Promise((resolve) => listener.once('message', (_channel, text) => resolve(text)));
    await log.append(jobId, [epochOf(1), epochOf(1), epochOf(2)]);
    expect(await told).toBe('6');
    listener.disconnect();
  });

  test('Redis out of memory: the code says so, and nothing is half written', async () => {
    const jobId = await runningStudy();
    await redis.config('SET', 'maxmemory', '1mb');
    await expect(log.append(jobId, [epochOf(1)])).rejects.toMatchObject({ code: 'redis-full' });
    await redis.config('SET', 'maxmemory', '0');
    expect((await log.append(jobId, [epochOf(1)])).refusals).toEqual([null]);
  });
});

describe('reading', () => {
  test('a state is followed by its tail only, and a snapshot spares the rest', async () => {
    const jobId = await runningStudy();
    const state = (await log.load(jobId))!;
    await log.append(jobId, [epochOf(1), epochOf(2)]);
    expect(await log.follow(jobId, state)).toBe(state);
    expect(state.seq).toBe(6);
    await log.writeSnapshot(state);
    await log.append(jobId, [completed]);
    // Were the snapshot not used, the missing first event would show.
    await redis.xdel(redisKeys.log(jobId), '1-0');
    const loaded = (await log.load(jobId))!;
    expect(loaded.counts.completed).toBe(1);
    expect(loaded.trials[0]!.epochs).toHaveLength(2);
  });

  test('a snapshot is the state, also where an objective value is not a number', async () => {
    const jobId = newJob();
    const unknown = { known: false, value: null, reason: 'a test says so' } as const;
    const at = { jobId, target: 0, attempt: 1, epoch: 1 };
    const result = {
      ...exampleResult(),
      health: {
        ...exampleResult().health,
        ...Object.fromEntries(HEALTH_METRICS.map((name) => [name, unknown])),
      },
    };
    await log.append(jobId, [
      { type: 'JobRequested', config: exampleConfig(jobId, { mode: 'pareto' }) },
      eventAt('JobStarted', at),
      eventAt('TrainingQueued', at),
      eventAt('TrainingStarted', at),
      { type: 'TrainingCompleted', target: 0, attempt: 1, result, artifacts: [] },
    ]);
    const folded = (await log.load(jobId))!;
    expect(folded.trials[0]!.values![1]).toBeNaN();
    await log.writeSnapshot(folded);
    await redis.xdel(redisKeys.log(jobId), '1-0');
    expect(await log.load(jobId)).toEqual(folded);
  });

  test('a log that lost its end is reread', async () => {
    const jobId = await runningStudy();
    const before = await redis.hgetall(redisKeys.trials(jobId));
    await log.append(jobId, [epochOf(1)]);
    const state = (await log.load(jobId))!;
    await log.writeSnapshot(state);
    await redis.xdel(redisKeys.log(jobId), '5-0');
    await redis.del(redisKeys.trials(jobId));
    await redis.hset(redisKeys.trials(jobId), before);
    const again = (await log.follow(jobId, state))!;
    expect(again.seq).toBe(4);
    expect(again.trials[0]!.epochs).toHaveLength(0);
  });

  test('a gap is an error, not a wrong state', async () => {
    const jobId = await runningStudy();
    await redis.xdel(redisKeys.log(jobId), '2-0');
    await expect(log.load(jobId)).rejects.toThrow(/gap: expected event 2, found 3/);
  });

  test('many pages make one state', async () => {
    const jobId = await runningStudy();
    await log.append(
      jobId,
      [...Array(2500)].map((_, i) => epochOf(i + 1)),
    );
    expect((await log.load(jobId))!.trials[0]!.epochs).toHaveLength(2500);
  });

  test('records say what a trainer asks before it starts', async () => {
    const jobId = await runningStudy();
    await log.append(jobId, [epochOf(1), { type: 'CancelRequested' }]);
    expect(await log.records(jobId, 'trial:0')).toEqual({
      job: 'running',
      cancelRequested: true,
      status: 'running',
      counter: 1,
      epoch: 1,
    });
    expect(await log.records(newJob(), 'final')).toMatchObject({ job: null, status: '', counter: 0 });
  });

  test('jobs are listed newest first, by pages, and a removed one is gone', async () => {
    await redis.del(redisKeys.jobs);
    const ids = [newJob(), newJob(), newJob()];
    for (const id of ids) {
      await runningStudy(id);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const newest = await log.jobs(2);
    expect(newest.map(({ jobId }) => jobId)).toEqual([ids[2], ids[1]]);
    expect((await log.jobs(2, ids[1])).map(({ jobId }) => jobId)).toEqual([ids[0]]);
    expect(newest[0]!.at).toBeGreaterThan(newest[1]!.at);
    await log.remove(ids[2]!);
    expect((await log.jobs(9)).map(({ jobId }) => jobId)).toEqual([ids[1], ids[0]]);
    expect(await log.load(ids[2]!)).toBeNull();
    await expect(log.jobs(2, ids[2])).rejects.toMatchObject({ code: 'job-unknown' });
  });

  test('a job that was requested twice is listed once, at its first time', async () => {
    const jobId = await runningStudy();
    const at = await redis.zscore(redisKeys.jobs, jobId);
    await redis.zrem(redisKeys.jobs, jobId);
    const again = eventAt('JobRequested', { jobId, target: 0, attempt: 1, epoch: 1 });
    expect((await log.append(jobId, [again])).refusals).toEqual(['job-exists']);
    expect(Number(await redis.zscore(redisKeys.jobs, jobId))).toBeGreaterThanOrEqual(Number(at));
  });
});
