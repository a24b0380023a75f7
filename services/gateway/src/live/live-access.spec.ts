/** Who may watch over a socket, and for how long. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { io } from 'socket.io-client';
import { type Problem, type WatchAnswer } from '@onegin/contracts';
import { redisKeys } from '@onegin/service-kit';
import { append, trialEvents } from '../testing/play-study.ts';
import {
  ask,
  post,
  startTestStack,
  until,
  type TestGateway,
  type TestStack,
} from '../testing/test-gateway.ts';
import { bearer, cookieOf, TestKeys } from '../testing/test-keys.ts';
import type { LiveClient } from '../testing/test-watcher.ts';

let stack: TestStack;
let gateway: TestGateway;
let keys: TestKeys;
let jobId: string;
const open: LiveClient[] = [];

beforeAll(async () => {
  stack = await startTestStack();
  gateway = await stack.startGateway({ access: { mode: 'keys', trustedProxies: ['loopback'] } });
  keys = new TestKeys(stack);
  jobId = await startJob();
});

afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

afterAll(() => stack.remove());

async function startJob(): Promise<string> {
  const { key } = await keys.make('run');
  const { body } = await post(`${gateway.url}/api/optimize`, { dataset: 'digits' }, bearer(key));
  await append(stack.log, body.jobId, [{ type: 'JobStarted' }]);
  return body.jobId;
}

interface Proof {
  readonly headers?: Record<string, string>;
  readonly auth?: Record<string, unknown>;
}

function connect({ headers = {}, auth = {} }: Proof, url = gateway.url): LiveClient {
  const socket: LiveClient = io(url, {
    transports: ['websocket'],
    extraHeaders: headers,
    auth,
    reconnectionDelay: 20,
    forceNew: true,
  });
  open.push(socket);
  return socket;
}

/** The problem with which a client is refused; null: it is accepted. */
const refusalOf = (socket: LiveClient): Promise<Problem | null> =>
  new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(null));
    socket.once('connect_error', (error: Error & { data?: Problem }) =>
      error.data ? resolve(error.data) : reject(error),
    );
  });

const watch = (socket: LiveClient, job = jobId, after?: number): Promise<WatchAnswer> =>
  new Promise((resolve) =>
    socket.emit('watchJob', { jobId: job, ...(after !== undefined && { after }) }, resolve),
  );

describe('a socket', () => {
  it.each<[string, () => Promise<Proof>, string]>([
    ['without a key', async () => ({}), 'key'],
    ['with a key that is none', async () => ({ headers: bearer('onegin') }), 'known'],
    [
      'with an unknown key',
      async () => ({ auth: { key: `onegin_nosuchkey123_${'A'.repeat(43)}` } }),
      'known',
    ],
    ['with a revoked key', async () => ({ auth: { key: (await keys.revoked('read')).key } }), 'revoked'],
    ['with an expired key', async () => ({ headers: bearer((await keys.expired('read')).key) }), 'expired'],
    [
      'with a session that is none',
      async () => ({ headers: { cookie: `onegin_session=${'x'.repeat(43)}` } }),
      'ended',
    ],
    ['for a job that is not public', async () => ({ auth: { jobId } }), 'key'],
  ])('%s is refused, and does not try again by itself', async (_what, proof, said) => {
    const socket = connect(await proof());
    const problem = await refusalOf(socket);
    expect(problem).toMatchObject({ status: 401, code: 'unauthorized' });
    expect(problem!.detail).toContain(said);
    expect([socket.connected, socket.active]).toEqual([false, false]);
  });

  it.each([{ key: 7 }, { key: '' }, { token: 'x' }, { jobId: '../keys' }])(
    'that says %j of itself is refused',
    async (auth) => {
      expect(await refusalOf(connect({ auth }))).toMatchObject({ status: 400, code: 'request-invalid' });
    },
  );

  it('is let in by header, by what it says, or by cookie', async () => {
    const { key } = await keys.make('read');
    const { headers } = await post(`${gateway.url}/api/session`, { key });
    const proofs: Proof[] = [
      { headers: bearer(key) },
      { auth: { key } },
      { headers: { cookie: cookieOf(headers), origin: gateway.url } },
    ];
    for (const proof of proofs) {
      const socket = connect(proof);
      expect(await refusalOf(socket)).toBeNull();
      expect(await watch(socket)).toMatchObject({ ok: true });
    }
  });

  it('of another site’s page is not let in by its visitor’s cookie', async () => {
    const friendly = await stack.startGateway({
      access: { mode: 'keys' },
      allowedOrigins: ['https://friend.example'],
    });
    const { key } = await keys.make('read');
    const cookie = cookieOf((await post(`${gateway.url}/api/session`, { key })).headers);
    const foreign = connect({ headers: { cookie, origin: 'https://evil.example' } });
    await expect(refusalOf(foreign)).rejects.toThrow('websocket error');
    const friend = connect({ headers: { cookie, origin: 'https://friend.example' } }, friendly.url);
    expect(await refusalOf(friend)).toMatchObject({ status: 401 });
    const withKey = connect({ auth: { key }, headers: { origin: 'https://friend.example' } }, friendly.url);
    expect(await refusalOf(withKey)).toBeNull();
    await friendly.close();
  });

  it('with a key to one job watches that job only', async () => {
    const { key } = await keys.make('read', { jobId });
    const socket = connect({ auth: { key } });
    expect(await watch(socket)).toMatchObject({ ok: true });
    expect(await watch(socket, await startJob())).toMatchObject({
      ok: false,
      problem: { code: 'forbidden' },
    });
    const overview = await new Promise((resolve) => socket.emit('watchOverview', resolve));
    expect(overview).toMatchObject({ ok: false, problem: { code: 'forbidden' } });
  });

  it('that says too much is told to wait', async () => {
    const socket = connect({ auth: { key: (await keys.make('read')).key } });
    const answers = await Promise.all(Array.from({ length: 510 }, () => watch(socket, 'nosuchjob123')));
    const codes = answers.map((answer) => (answer.ok ? 'ok' : answer.problem.code));
    expect(codes.slice(0, 500)).not.toContain('too-many-requests');
    expect(codes.slice(500).every((code) => code === 'too-many-requests')).toBe(true);
  });
});

describe('a connected client', () => {
  /** Reconnects by itself as the web UI does, and records refusals. */
  async function watching(proof: Proof): Promise<{ socket: LiveClient; refusals: Problem[]; seq: number }> {
    const socket = connect(proof);
    const refusals: Problem[] = [];
    socket.on('disconnect', (reason) => reason === 'io server disconnect' && socket.connect());
    expect(await refusalOf(socket)).toBeNull();
    socket.on('connect_error', (error: Error & { data?: Problem }) => {
      if (error.data) refusals.push(error.data);
    });
    const answer = await watch(socket);
    if (!answer.ok) throw new Error(answer.problem.detail);
    return { socket, refusals, seq: answer.seq };
  }

  const isCut = ({ socket, refusals }: { socket: LiveClient; refusals: Problem[] }) =>
    until(
      () => refusals.length > 0 && !socket.connected,
      'it is disconnected, and refused when it reconnects',
    );

  it('is disconnected when the key is revoked, and cannot resume', async () => {
    const { id, key } = await keys.make('read');
    const other = await watching({ auth: { key: (await keys.make('read')).key } });
    const client = await watching({ auth: { key } });
    const events: unknown[] = [];
    client.socket.on('events', (message) => events.push(message));
    await keys.store.revoke(id);
    await isCut(client);
    expect(client.refusals[0]).toMatchObject({ status: 401, code: 'unauthorized' });
    await append(stack.log, jobId, [{ type: 'Warning', code: 'a-warning', message: 'not for all' }]);
    const again = connect({ auth: { key } });
    expect(await refusalOf(again)).toMatchObject({ status: 401 });
    expect(events).toEqual([]);
    expect(other.socket.connected).toBe(true);
  });

  it('is disconnected when the session it came with ends, by signing out or with its key', async () => {
    const { id, key } = await keys.make('read');
    const cookie = async () => ({
      cookie: cookieOf((await post(`${gateway.url}/api/session`, { key })).headers),
      origin: gateway.url,
    });
    const [first, second] = [await cookie(), await cookie()];
    const [out, stays] = [await watching({ headers: first }), await watching({ headers: second })];
    await ask(`${gateway.url}/api/session`, { method: 'DELETE', headers: first });
    await isCut(out);
    expect(stays.socket.connected).toBe(true);
    await keys.store.revoke(id);
    await isCut(stays);
  });

  it('is disconnected when the key expires', async () => {
    const client = await watching({ auth: { key: (await keys.make('read', { expiresInSeconds: 2 })).key } });
    await isCut(client);
    expect(client.refusals[0]!.detail).toContain('expired');
  });

  it('is disconnected even if the announcement was lost', async () => {
    const made = await keys.make('read');
    const client = await watching({ auth: { key: made.key } });
    // As Redis is after a revocation whose announcement was lost.
    await stack.redis.blocking.hset(redisKeys.revokedKeys, made.id, String(Date.now()));
    await isCut(client);
  });

  it('is disconnected when a public job is public no longer', async () => {
    const { key } = await keys.make('run');
    const share = (isPublic: boolean) =>
      post(`${gateway.url}/api/jobs/${jobId}/sharing`, { public: isPublic }, bearer(key));
    await share(true);
    const visitor = await watching({ auth: { jobId } });
    expect(await watch(visitor.socket, await startJob())).toMatchObject({ ok: false });
    await share(false);
    await isCut(visitor);
  });

  it('resumes after a lost connection, checked again, while the key is valid', async () => {
    const made = await keys.make('read');
    const client = await watching({ auth: { key: made.key } });
    const seqs: number[] = [];
    client.socket.on('events', ({ events }) => seqs.push(...events.map(({ seq }) => seq)));
    client.socket.io.engine.close();
    await until(() => client.socket.connected, 'it is back');
    await append(stack.log, jobId, trialEvents(jobId, 0));
    const answer = await watch(client.socket, jobId, client.seq);
    expect(answer).toMatchObject({ ok: true });
    await until(() => seqs.length > 0, 'the rest came');
    expect(seqs[0]).toBe(client.seq + 1);
    // Socket.IO's own recovery, which would skip the checks, is not available.
    expect(client.socket.recovered).toBeFalsy();
  });
});
