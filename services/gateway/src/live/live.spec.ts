import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import {
  toVersion1,
  type BatchProgress,
  type ClientMessages,
  type NewStudyEvent,
  type TrainerHeartbeat,
  type WrittenEvent,
} from '@onegin/contracts';
import { redisChannels, redisKeys, writeHeartbeat } from '@onegin/service-kit';
import { freePort } from '@onegin/service-kit/testing';
import { append, trialEvents } from '../testing/play-study.ts';
import {
  post,
  startTestStack,
  until,
  withTestStack,
  type TestGateway,
  type TestStack,
} from '../testing/test-gateway.ts';
import { isConsecutive, OverviewWatcher, TestWatcher, type LiveClient } from '../testing/test-watcher.ts';
import { EVENTS_KEPT } from '../jobs/followed-study.ts';
import { FLUSH_MS } from './job-room.ts';

let stack: TestStack;
let gateway: TestGateway;
const open: { close(): unknown }[] = [];

beforeAll(async () => {
  stack = await startTestStack();
  gateway = await stack.startGateway();
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((thing) => thing.close()));
});

afterAll(() => stack.remove());

async function startJob(trials = 10_000): Promise<string> {
  const { body } = await post(`${gateway.url}/api/optimize`, {
    dataset: 'digits',
    trials,
    epochs: 2,
    seed: 1,
  });
  await append(stack.log, body.jobId, [{ type: 'JobStarted' }]);
  return body.jobId;
}

const write = (jobId: string, events: readonly NewStudyEvent[]) => append(stack.log, jobId, events);

const warnings = (count: number, message = 'mind'): NewStudyEvent[] =>
  Array.from({ length: count }, () => ({ type: 'Warning', code: 'a-warning', message }));

function watch(jobId: string, after?: number, url = gateway.url): TestWatcher {
  const watcher = new TestWatcher(url, jobId, after);
  open.push(watcher);
  return watcher;
}

const reaches = (watcher: TestWatcher, seq: number) =>
  until(() => watcher.seq >= seq, `the client has event ${seq} (it has ${watcher.seq})`);

const lastSeq = (jobId: string) => stack.log.lastSeq(jobId);

describe('watching a job', () => {
  it('brings the state, then every event, and ends where the log ends', async () => {
    const jobId = await startJob();
    const watcher = watch(jobId);
    await reaches(watcher, 2);
    expect(watcher.snapshots).toBe(1);
    for (let n = 0; n < 5; n++) await write(jobId, trialEvents(jobId, n, { accuracy: 0.5 + n / 10 }));
    await reaches(watcher, await lastSeq(jobId));
    expect(watcher.snapshots).toBe(1);
    expect(isConsecutive(watcher.events)).toBe(true);
    expect(watcher.state).toEqual(await stack.log.load(jobId));
    expect(watcher.answers).toEqual([{ ok: true, seq: 2 }]);
  });

  it('goes on with the former names of events for clients of version 1', async () => {
    const jobId = await startJob();
    const socket: LiveClient = io(gateway.url, { transports: ['websocket'] });
    open.push(socket);
    const told: WrittenEvent[] = [];
    socket.on('events', ({ events }) => told.push(...(events as unknown as WrittenEvent[])));
    await new Promise((resolve) => socket.emit('watchJob', { jobId, after: 2 }, resolve));
    const current = watch(jobId, 2);
    await until(() => current.answers.length > 0, 'it is answered');
    await write(jobId, trialEvents(jobId, 0));
    const last = await lastSeq(jobId);
    await until(() => told.at(-1)?.['seq'] === last, 'it has all events');
    await until(() => current.events.at(-1)?.seq === last, 'it has all events');
    const names = ['TrialQueued', 'TrialStarted', 'EpochEnded', 'EpochEnded', 'TrialCompleted'];
    expect(told.map(({ type, number }) => [type, number])).toEqual(names.map((name) => [name, 0]));
    expect(current.events.map(toVersion1)).toEqual(told);
  });

  it('brings only what a client lacks', async () => {
    const jobId = await startJob();
    await write(jobId, trialEvents(jobId, 0));
    const seq = await lastSeq(jobId);
    const watcher = watch(jobId, 3);
    await until(() => watcher.answers.length > 0, 'it is answered');
    expect(watcher.events.map((event) => event.seq)).toEqual(
      Array.from({ length: seq - 3 }, (_, i) => i + 4),
    );
    const complete = watch(jobId, seq);
    await until(() => complete.answers.length > 0, 'it is answered');
    expect([complete.snapshots, complete.events.length]).toEqual([0, 0]);
  });

  it('brings the whole state to a client that is too far behind, or ahead of the log', async () => {
    const jobId = await startJob();
    await write(jobId, warnings(EVENTS_KEPT + 10));
    for (const after of [3, 1_000_000]) {
      const watcher = watch(jobId, after);
      await until(() => watcher.answers.length > 0, 'it is answered');
      expect([watcher.snapshots, watcher.events.length]).toEqual([1, 0]);
      expect(watcher.seq).toBe(await lastSeq(jobId));
    }
  });

  it('gathers events into batches, ten a second at most, and says the end at once', async () => {
    const jobId = await startJob();
    const watcher = watch(jobId);
    await reaches(watcher, 2);
    const started = performance.now();
    for (let i = 0; i < 300; i++) await write(jobId, warnings(1));
    await write(jobId, [{ type: 'JobFailed', code: 'no-trial-completed', message: 'none' }]);
    await until(() => watcher.state?.status === 'failed', 'the end is known');
    const batchesAtMost = Math.ceil((performance.now() - started) / FLUSH_MS) + 2;
    expect(watcher.events).toHaveLength(301);
    expect(watcher.batches.length).toBeLessThanOrEqual(batchesAtMost);
  });

  it('serves any number of clients with one reading of the log', async () => {
    const jobId = await startJob();
    const reads = async () => {
      const stats = await stack.redis.blocking.info('commandstats');
      return Number(/cmdstat_xrange:calls=(\d+)/.exec(stats)?.[1] ?? 0);
    };
    const cost = async (clients: TestWatcher[]) => {
      const before = await reads();
      for (let i = 0; i < 20; i++) await write(jobId, warnings(1));
      const seq = await lastSeq(jobId);
      await Promise.all(clients.map((client) => reaches(client, seq)));
      return (await reads()) - before;
    };
    const first = watch(jobId);
    await reaches(first, 2);
    const alone = await cost([first]);
    const crowd = [first, ...Array.from({ length: 30 }, () => watch(jobId))];
    await until(() => crowd.every(({ answers }) => answers.length === 1), 'all watch');
    expect(alone).toBeGreaterThan(0);
    expect(await cost(crowd)).toBeLessThanOrEqual(20 * 2);
  });

  it('brings progress inside epochs, the latest value only', async () => {
    const jobId = await startJob();
    const watcher = watch(jobId);
    await reaches(watcher, 2);
    const at = (batch: number): BatchProgress => ({
      jobId,
      target: 0,
      epoch: 1,
      epochs: 2,
      batch,
      batches: 500,
      loss: null,
    });
    for (let batch = 1; batch <= 500; batch++)
      await stack.redis.blocking.publish(redisChannels.progress(jobId), JSON.stringify(at(batch)));
    await stack.redis.blocking.publish(redisChannels.progress(jobId), 'not JSON');
    await until(() => watcher.progress.at(-1)?.batch === 500, 'the last value came');
    expect(watcher.progress.length).toBeLessThan(250);
  });

  it('stops when the client says so', async () => {
    const jobId = await startJob();
    const watcher = watch(jobId);
    await reaches(watcher, 2);
    watcher.socket.emit('unwatchJob', { jobId });
    const other = watch(jobId);
    await reaches(other, 2);
    await write(jobId, warnings(3));
    await reaches(other, 5);
    await new Promise((resolve) => setTimeout(resolve, 2 * FLUSH_MS));
    expect(watcher.seq).toBe(2);
  });
});

describe('going on where one was', () => {
  it('loses and doubles nothing when the gateway is restarted while events come', async () => {
    const port = await freePort();
    const jobId = await startJob();
    let own = await stack.startGateway({ port });
    const watcher = watch(jobId, undefined, own.url);
    await reaches(watcher, 2);
    const writing = (async () => {
      for (let n = 0; n < 60; n++) await write(jobId, trialEvents(jobId, n));
    })();
    for (let restart = 0; restart < 2; restart++) {
      const seen = watcher.events.length;
      await until(() => watcher.events.length > seen, 'events come');
      await own.close();
      own = await stack.startGateway({ port });
    }
    await writing;
    await write(jobId, warnings(1, 'the last'));
    await reaches(watcher, await lastSeq(jobId));
    expect(watcher.snapshots).toBe(1);
    expect(isConsecutive(watcher.events)).toBe(true);
    expect(watcher.events[0]!.seq).toBe(3);
    expect(watcher.state).toEqual(await stack.log.load(jobId));
    expect(watcher.goodbyes).toEqual(['the test ends', 'the test ends']);
    await own.close();
  });

  it('works from one gateway to another, which need nothing from each other', async () => {
    const other = await stack.startGateway();
    const jobId = await startJob();
    const here = watch(jobId);
    const there = watch(jobId, undefined, other.url);
    await write(jobId, trialEvents(jobId, 0));
    const seq = await lastSeq(jobId);
    await Promise.all([reaches(here, seq), reaches(there, seq)]);
    here.close();
    await write(jobId, trialEvents(jobId, 1));
    const moved = watch(jobId, here.seq, other.url);
    await reaches(there, await lastSeq(jobId));
    await until(() => moved.answers.length > 0 && moved.events.length > 0, 'the rest came');
    expect(moved.events[0]!.seq).toBe(seq + 1);
    expect(isConsecutive([...here.events, ...moved.events])).toBe(true);
    await other.close();
  });

  it('goes on by itself after Redis was restarted', () =>
    withTestStack(async (own) => {
      const { url } = await own.startGateway();
      const { jobId } = (await post(`${url}/api/optimize`, { dataset: 'digits' })).body;
      const watcher = watch(jobId, undefined, url);
      await reaches(watcher, 1);
      await own.redisServer.restart();
      await own.redis.ready();
      await append(own.log, jobId, [{ type: 'JobStarted' }, ...trialEvents(jobId, 0)]);
      await reaches(watcher, await own.log.lastSeq(jobId));
      expect(isConsecutive(watcher.events)).toBe(true);
      expect(watcher.socket.connected).toBe(true);
    }));

  it('starts again if Redis has lost its last writes', () =>
    withTestStack(async (own) => {
      const { url } = await own.startGateway();
      const { jobId } = (await post(`${url}/api/optimize`, { dataset: 'digits' })).body;
      await append(own.log, jobId, [{ type: 'JobStarted' }]);
      const watcher = watch(jobId, undefined, url);
      await reaches(watcher, 2);
      await append(own.log, jobId, warnings(3, 'lost'));
      await reaches(watcher, 5);
      // As Redis is when it comes back without its last second.
      await own.redis.blocking.xdel(redisKeys.log(jobId), '4-0', '5-0');
      await own.redis.blocking.call('XSETID', redisKeys.log(jobId), '3-0');
      await own.redis.blocking.hset(redisKeys.trials(jobId), 'seq', 3);
      await append(own.log, jobId, warnings(4, 'new'));
      await own.redis.blocking.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await until(() => watcher.snapshots === 2, 'the state is sent again');
      await append(own.log, jobId, warnings(1, 'after'));
      await reaches(watcher, 8);
      expect(watcher.state!.warnings.map(({ message }) => message)).toEqual([
        'lost',
        'new',
        'new',
        'new',
        'new',
        'after',
      ]);
    }));
});

describe('a client that reads too slowly', () => {
  it('is set aside, holds nobody up, and has everything in the end', async () => {
    const jobId = await startJob();
    const slow = watch(jobId);
    const quick = watch(jobId);
    await Promise.all([reaches(slow, 2), reaches(quick, 2)]);
    // Below Socket.IO: the connection stays open, but nothing is read from it.
    const tcp = (slow.socket.io.engine.transport as unknown as { ws: { _socket: NodeJS.Socket } }).ws._socket;
    (tcp as unknown as { pause(): void }).pause();
    const large = 'x'.repeat(3900);
    for (let i = 0; i < 60; i++) {
      await write(jobId, warnings(120, large));
      const seq = await lastSeq(jobId);
      await reaches(quick, seq);
    }
    const dropped = async () => {
      const text = await (await fetch(`${gateway.url}/metrics`)).text();
      return Number(/^onegin_gateway_slow_clients_total\S* (\d+)/m.exec(text)?.[1] ?? 0);
    };
    expect(slow.seq).toBeLessThan(quick.seq);
    expect(await dropped()).toBeGreaterThan(0);
    (tcp as unknown as { resume(): void }).resume();
    await reaches(slow, quick.seq);
    // It got a whole state in place of what it missed, and no event twice.
    expect(slow.snapshots).toBeGreaterThan(1);
    expect(new Set(slow.events.map(({ seq }) => seq)).size).toBe(slow.events.length);
    expect(slow.state).toEqual(quick.state);
  });
});

describe('the overview', () => {
  it('brings jobs and trainers, then what changes', async () => {
    const jobId = await startJob();
    const overview = new OverviewWatcher(gateway.url);
    open.push(overview);
    await until(() => overview.jobs.has(jobId) && overview.trainers !== null, 'the first page came');
    await write(jobId, trialEvents(jobId, 0));
    await until(() => overview.jobs.get(jobId)?.progress.completedTrials === 1, 'the change came');
    const fresh = await startJob();
    await until(() => overview.jobs.get(fresh)?.status === 'running', 'the new job came');
    const heartbeat: TrainerHeartbeat = {
      id: 'trainer-1',
      host: 'here',
      pid: 1,
      resource: 'cpu',
      engine: 'test',
      device: 'cpu',
      slots: 1,
      status: 'ready',
      current: [],
      stepsPerSecond: null,
      samplesPerSecond: null,
      completed: 0,
      failedInARow: 0,
      failed: 0,
      startedAt: Date.now(),
      at: Date.now(),
      simulated: true,
    };
    await writeHeartbeat(stack.redis.blocking, heartbeat);
    await until(() => overview.trainers?.[0]?.id === 'trainer-1', 'the trainer came');
  });
});

describe('bad input', () => {
  const connect = (headers: Record<string, string> = {}): LiveClient => {
    const socket: LiveClient = io(gateway.url, {
      transports: ['websocket'],
      extraHeaders: headers,
      reconnection: false,
    });
    open.push(socket);
    return socket;
  };
  const say = (socket: LiveClient, message: unknown) =>
    new Promise<Parameters<Parameters<ClientMessages['watchJob']>[1]>[0]>((resolve) =>
      socket.emit('watchJob', message as never, resolve),
    );

  it.each([
    [{ jobId: 'nosuchjob' }, 'job-unknown', 'nosuchjob'],
    [{ jobId: 7 }, 'request-invalid', 'jobId'],
    [{}, 'request-invalid', 'jobId'],
    [null, 'request-invalid', 'the message'],
    ['a string', 'request-invalid', 'the message'],
    [{ jobId: 'nosuchjob', after: -1 }, 'request-invalid', 'after'],
    [{ jobId: 'nosuchjob', colour: 'red' }, 'request-invalid', 'colour'],
  ])('%j is answered with a problem', async (message, code, named) => {
    const answer = await say(connect(), message);
    if (answer.ok) throw new Error('it was accepted');
    expect(answer.problem.code).toBe(code);
    expect(answer.problem.detail).toContain(named);
  });

  it('without an acknowledgement harms nothing', async () => {
    const jobId = await startJob();
    const socket = connect();
    for (const message of ['watchJob', 'unwatchJob', 'watchOverview'] as const) {
      socket.emit(message as 'unwatchJob', undefined as never);
      socket.emit(message as 'unwatchJob', { jobId: 'nosuchjob' });
    }
    expect(await say(socket, { jobId })).toEqual({ ok: true, seq: 2 });
  });

  it('from pages of other sites is refused', async () => {
    const socket = connect({ origin: 'https://evil.example' });
    await new Promise((resolve) => socket.once('connect_error', resolve));
    expect(socket.connected).toBe(false);
  });
});
