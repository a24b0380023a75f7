/** Signing in and out of the web UI, and what other sites' pages can do with a visitor's browser. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { redisKeys } from '@onegin/service-kit';
import {
  ask,
  post,
  startTestStack,
  withTestStack,
  until,
  type TestGateway,
  type TestStack,
} from './testing/test-gateway.ts';
import { bearer, cookieOf, TestKeys } from './testing/test-keys.ts';

const ADMIN_KEY = 'the-operators-own-secret-of-some-length';

let stack: TestStack;
let gateway: TestGateway;
let keys: TestKeys;

beforeAll(async () => {
  stack = await startTestStack();
  gateway = await stack.startGateway({
    access: { mode: 'keys', adminKey: ADMIN_KEY, trustedProxies: ['loopback'] },
    allowedOrigins: ['https://friend.example'],
  });
  keys = new TestKeys(stack);
});

afterAll(() => stack.remove());

const session = (headers: Record<string, string> = {}) => ask(`${gateway.url}/api/session`, { headers });
const signIn = (key: string, headers: Record<string, string> = {}) =>
  post(`${gateway.url}/api/session`, { key }, headers);
const signOut = (headers: Record<string, string>) =>
  ask(`${gateway.url}/api/session`, { method: 'DELETE', headers });
const fromPage = (cookie: string) => ({ cookie, origin: gateway.url });

describe('signing in', () => {
  it('gives a cookie that scripts and other sites cannot use, and that works', async () => {
    const { id, key } = await keys.make('run');
    expect((await session()).body).toMatchObject({
      keysRequired: true,
      scope: null,
      signedIn: false,
      key: null,
    });
    const answer = await signIn(` ${key}\n`, { origin: gateway.url });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ scope: 'run', signedIn: true, key: { id, name: 'a key to run' } });
    const [set] = answer.headers.getSetCookie();
    expect(set).toMatch(/^onegin_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const cookie = cookieOf(answer.headers);
    expect((await session({ cookie })).body).toEqual(answer.body);
    expect((await ask(`${gateway.url}/api/jobs`, { headers: { cookie } })).status).toBe(200);
  });

  it('over https gives one that only this host can set, and that is not sent without', async () => {
    const { key } = await keys.make('read');
    const host = new URL(gateway.url).host;
    const answer = await signIn(key, { origin: `https://${host}` });
    expect(answer.headers.getSetCookie()[0]).toMatch(
      /^__Host-onegin_session=.*; Path=\/; .*; Secure; SameSite=Strict$|^__Host-onegin_session=.*; Secure/,
    );
    expect((await session({ cookie: cookieOf(answer.headers) })).body.signedIn).toBe(true);
  });

  it('does not outlive its key', async () => {
    const { key, expiresAt } = await keys.make('read', { expiresInSeconds: 600 });
    const answer = await signIn(key);
    expect(answer.body.expiresAt).toBe(expiresAt);
    expect(Number(/Max-Age=(\d+)/.exec(answer.headers.getSetCookie()[0]!)![1])).toBeLessThanOrEqual(600);
  });

  it('takes the operator’s key, which is in no list', async () => {
    const answer = await signIn(ADMIN_KEY);
    expect(answer.body).toMatchObject({ scope: 'admin', key: { id: 'operator' } });
    const listed = await ask(`${gateway.url}/api/keys`, { headers: { cookie: cookieOf(answer.headers) } });
    expect(listed.status).toBe(200);
    expect(JSON.stringify(listed.body)).not.toContain('operator');
    expect((await signIn(`${ADMIN_KEY}x`)).status).toBe(401);
    // Changing the operator's key ends the sessions opened with the old one.
    const changed = await stack.startGateway({ access: { mode: 'keys', adminKey: `${ADMIN_KEY}-changed` } });
    const headers = { cookie: cookieOf(answer.headers) };
    expect((await ask(`${changed.url}/api/jobs`, { headers })).status).toBe(401);
    await changed.close();
  });

  it('refuses wrong keys, and a key to one job', async () => {
    for (const key of ['x', (await keys.revoked('run')).key, (await keys.expired('run')).key]) {
      const answer = await signIn(key);
      expect([answer.status, answer.body.code]).toEqual([401, 'unauthorized']);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    const one = await keys.make('read', { jobId: 'nosuchjob123' });
    expect((await signIn(one.key)).status).toBe(403);
    expect((await post(`${gateway.url}/api/session`, { key: 'x'.repeat(600) })).status).toBe(400);
    expect((await post(`${gateway.url}/api/session`, 'key=x', { 'content-type': 'text/plain' })).status).toBe(
      415,
    );
  });

  it('keeps no token in Redis', async () => {
    const answer = await signIn((await keys.make('read')).key);
    const token = cookieOf(answer.headers).split('=')[1]!;
    const names = await stack.redis.blocking.keys('*');
    const values = await Promise.all(
      names
        .filter((name) => name.startsWith(redisKeys.session('')))
        .map((name) => stack.redis.blocking.get(name)),
    );
    expect(values.length).toBeGreaterThan(0);
    expect(JSON.stringify([names, values])).not.toContain(token);
  });
});

describe('a session ends', () => {
  it('by signing out, which removes the cookie', async () => {
    const cookie = cookieOf((await signIn((await keys.make('read')).key)).headers);
    const answer = await signOut(fromPage(cookie));
    expect(answer.body).toMatchObject({ scope: null, signedIn: false });
    expect(answer.headers.getSetCookie()[0]).toMatch(/^onegin_session=; Max-Age=0;/);
    expect((await ask(`${gateway.url}/api/jobs`, { headers: { cookie } })).status).toBe(401);
    expect((await session({ cookie })).body).toMatchObject({ scope: null, signedIn: false });
    expect((await signOut(fromPage(cookie))).status).toBe(200);
  });

  it('with its key', async () => {
    const { id, key } = await keys.make('read');
    const cookie = cookieOf((await signIn(key)).headers);
    expect((await post(`${gateway.url}/api/keys/${id}/revoke`, undefined, bearer(ADMIN_KEY))).status).toBe(
      200,
    );
    expect((await ask(`${gateway.url}/api/jobs`, { headers: { cookie } })).status).toBe(401);
  });

  it('by itself', async () => {
    const short = await stack.startGateway({ access: { mode: 'keys', sessionLifetimeMs: 300 } });
    const cookie = cookieOf(
      (await post(`${short.url}/api/session`, { key: (await keys.make('read')).key })).headers,
    );
    const jobs = () => ask(`${short.url}/api/jobs`, { headers: { cookie } });
    await until(async () => (await jobs()).status === 401, 'the session has ended');
    await short.close();
  });
});

describe('a page of another site', () => {
  it('changes nothing through its visitor’s browser', async () => {
    const cookie = cookieOf((await signIn((await keys.make('run')).key)).headers);
    const start = (headers: Record<string, string>) =>
      post(`${gateway.url}/api/optimize`, { dataset: 'digits' }, { cookie, ...headers });
    expect((await start({ origin: gateway.url })).status).toBe(202);
    const host = new URL(gateway.url).host;
    for (const origin of ['https://evil.example', 'null', `http://x.${host}`, 'https://friend.example'])
      expect([origin, [401, 403].includes((await start({ origin })).status)]).toEqual([origin, true]);
    // Browsers send an origin with every change; without one, it is not a page, and cookies don't count.
    expect((await start({})).body.code).toBe('forbidden');
    expect((await signOut({ cookie, origin: 'https://evil.example' })).status).toBe(403);
    expect((await session({ cookie })).body.signedIn).toBe(true);
  });

  it('neither signs its visitor in', async () => {
    const { key } = await keys.make('read');
    for (const origin of ['https://evil.example', 'https://friend.example'])
      expect((await signIn(key, { origin })).status).toBe(403);
  });

  it('may call with a key where it is allowed to, and only there reads the answer', async () => {
    const { key } = await keys.make('run');
    const from = (origin: string) => ask(`${gateway.url}/api/jobs`, { headers: { origin, ...bearer(key) } });
    const friend = await from('https://friend.example');
    expect(friend.status).toBe(200);
    expect(friend.headers.get('access-control-allow-origin')).toBe('https://friend.example');
    expect(friend.headers.get('access-control-allow-credentials')).toBeNull();
    expect((await from('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await ask(`${gateway.url}/api/optimize`, {
      method: 'OPTIONS',
      headers: { origin: 'https://friend.example', 'access-control-request-method': 'POST' },
    });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
      204,
      'GET,HEAD,POST,DELETE',
    ]);
  });
});

describe('keys over the API', () => {
  it('are made once, listed without secrets, used and revoked', async () => {
    const headers = bearer(ADMIN_KEY);
    const made = await post(
      `${gateway.url}/api/keys`,
      { name: 'Ada', scope: 'run', expiresInSeconds: 60 },
      headers,
    );
    expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
    const { id, key } = made.body;
    expect((await ask(`${gateway.url}/api/jobs`, { headers: bearer(key) })).status).toBe(200);
    const list = async () => (await ask(`${gateway.url}/api/keys`, { headers })).body.keys;
    const find = async () => (await list()).find((listed: { id: string }) => listed.id === id);
    await until(async () => (await find()).lastUsedAt !== null, 'its use is noted');
    expect(JSON.stringify(await list())).not.toContain(key.split('_').slice(2).join('_'));
    const revoked = await post(`${gateway.url}/api/keys/${id}/revoke`, undefined, headers);
    expect(revoked.body).toMatchObject({ id, name: 'Ada' });
    expect((await find()).revokedAt).toBe(revoked.body.revokedAt);
    expect((await ask(`${gateway.url}/api/jobs`, { headers: bearer(key) })).status).toBe(401);
    expect((await post(`${gateway.url}/api/keys/nosuchkey123/revoke`, undefined, headers)).body.code).toBe(
      'key-unknown',
    );
    const forNoJob = { name: 'x', scope: 'read', jobId: 'nosuchjob123' };
    expect((await post(`${gateway.url}/api/keys`, forNoJob, headers)).body.code).toBe('job-unknown');
  });
});

describe('while Redis is unreachable', () => {
  it('nobody is let in, and the probes answer', () =>
    withTestStack(async (own) => {
      const { url } = await own.startGateway({ access: { mode: 'keys' } });
      const { key } = await new TestKeys(own).make('admin');
      expect((await ask(`${url}/api/jobs`, { headers: bearer(key) })).status).toBe(200);
      await own.redisServer.stop();
      const answer = await ask(`${url}/api/datasets`, { headers: bearer(key) });
      expect([answer.status, answer.body.code]).toEqual([503, 'redis-unavailable']);
      expect((await ask(`${url}/api/datasets`)).status).toBe(401);
      expect((await ask(`${url}/health`)).status).toBe(200);
      expect((await ask(`${url}/api/objective`)).status).toBe(200);
    }));
});
