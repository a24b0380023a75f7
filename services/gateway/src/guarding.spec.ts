/** Rate limits, host names and proxies, security headers, and secrets in the log. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { withNonce } from './web/web-ui.ts';
import {
  ask,
  post,
  startTestStack,
  until,
  type Json,
  type TestGatewayOptions,
  type TestStack,
} from './testing/test-gateway.ts';
import { bearer, TestKeys } from './testing/test-keys.ts';

let stack: TestStack;
let keys: TestKeys;

beforeAll(async () => {
  stack = await startTestStack();
  keys = new TestKeys(stack);
});

afterAll(() => stack.remove());

/** Before it is connected to Redis, a gateway counts for itself. */
async function startReady(options: TestGatewayOptions) {
  const gateway = await stack.startGateway(options);
  await until(async () => (await ask(`${gateway.url}/ready`)).status === 200, 'it is ready');
  return gateway;
}

const from = (address: string) => ({ 'x-forwarded-for': address });

/** A request with headers that `fetch` would not let through. */
const askRaw = (
  url: string,
  headers: Record<string, string>,
  path = '/api/jobs',
): Promise<{ status: number; body: Json }> =>
  new Promise((resolve, reject) => {
    httpRequest(url, { path, headers }, (response) => {
      let text = '';
      response.on('data', (data) => (text += String(data)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    })
      .on('error', reject)
      .end();
  });

describe('limits', () => {
  it('are counted by key, over all gateways, and say when to come back', async () => {
    const access = { mode: 'keys', requestsPerMinute: 12, trustedProxies: ['loopback'] } as const;
    const [one, other] = [await startReady({ access }), await startReady({ access })];
    const [busy, quiet] = [await keys.make('read'), await keys.make('read')];
    const statuses: number[] = [];
    for (let n = 0; n < 20; n++) {
      const { url } = n % 2 === 0 ? one : other;
      // Requests are counted by key, wherever they come from.
      const headers = { ...bearer(busy.key), ...from(`10.1.1.${n}`) };
      statuses.push((await ask(`${url}/api/jobs`, { headers })).status);
    }
    expect(statuses).toEqual([...Array<number>(12).fill(200), ...Array<number>(8).fill(429)]);
    const answer = await ask(`${one.url}/api/jobs`, { headers: bearer(busy.key) });
    expect(answer.body.code).toBe('too-many-requests');
    const seconds = Number(answer.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(answer.body.detail).toContain(`${seconds} s`);
    expect((await ask(`${one.url}/api/jobs`, { headers: bearer(quiet.key) })).status).toBe(200);
    for (let n = 0; n < 30; n++) expect((await ask(`${one.url}/health`)).status).toBe(200);
    await Promise.all([one.close(), other.close()]);
  });

  it('are closer for what changes something', async () => {
    const access = { mode: 'keys', changesPerMinute: 3 } as const;
    const { url, close } = await startReady({ access });
    const headers = bearer((await keys.make('run')).key);
    const start = () => post(`${url}/api/optimize`, { dataset: 'digits' }, headers);
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push((await start()).status);
    expect(statuses).toEqual([202, 202, 202, 429]);
    expect((await ask(`${url}/api/jobs`, { headers })).status).toBe(200);
    await close();
  });

  it('hold up who tries wrong keys, and never one with a right key', async () => {
    const { url, close } = await startReady({
      access: { mode: 'keys', trustedProxies: ['loopback'] },
    });
    const wrong = (address: string) =>
      ask(`${url}/api/jobs`, { headers: { ...bearer('onegin_wrong'), ...from(address) } });
    const statuses = new Set<number>();
    for (let n = 0; n < 25; n++) statuses.add((await wrong('10.2.2.2')).status);
    expect([...statuses]).toEqual([401, 429]);
    const { status } = await post(`${url}/api/session`, { key: 'x' }, from('10.2.2.2'));
    expect(status).toBe(429);
    expect((await wrong('10.2.2.3')).status).toBe(401);
    const { key } = await keys.make('read');
    const headers = { ...bearer(key), ...from('10.2.2.2') };
    expect((await ask(`${url}/api/jobs`, { headers })).status).toBe(200);
    await close();
  });

  it('count an IPv6 network as one, and believe only proxies that are trusted', async () => {
    const limits = { mode: 'open', onlyThisMachine: false, requestsPerMinute: 5 } as const;
    const trusting = await startReady({ access: { ...limits, trustedProxies: ['loopback'] } });
    const statuses = async (url: string, address: (n: number) => string) => {
      const all = [];
      for (let n = 0; n < 7; n++)
        all.push((await ask(`${url}/api/errors`, { headers: from(address(n)) })).status);
      return all;
    };
    const bounded = [200, 200, 200, 200, 200, 429, 429];
    expect(await statuses(trusting.url, (n) => `2001:db8:1:2::${n + 1}`)).toEqual(bounded);
    expect(await statuses(trusting.url, (n) => `2001:db8:1:${n + 10}::1`)).toEqual(
      Array<number>(7).fill(200),
    );
    // Anything but an address is ignored: all of these are this machine.
    expect(await statuses(trusting.url, (n) => `onegin:limit:${n}`)).toEqual(bounded);
    await trusting.close();
    await stack.redis.blocking.flushall();
    const wary = await startReady({ access: limits });
    expect(await statuses(wary.url, (n) => `10.3.3.${n}`)).toEqual(bounded);
    await wary.close();
  });

  it('go on without Redis, each gateway for itself', async () => {
    const own = await startTestStack();
    const { url } = await own.startGateway({ access: { mode: 'keys', requestsPerMinute: 5 } });
    await own.redisServer.stop();
    const statuses = [];
    for (let n = 0; n < 7; n++) statuses.push((await ask(`${url}/api/errors`)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    await own.remove();
  });

  it('bound what is read of a body, before who sends it is known too', async () => {
    const { url, close } = await startReady({ access: { mode: 'keys' } });
    const large = JSON.stringify({ dataset: 'x'.repeat(2_000_000) });
    const headers = bearer((await keys.make('run')).key);
    expect((await post(`${url}/api/optimize`, large, headers)).status).toBe(413);
    expect((await post(`${url}/api/optimize`, large)).status).toBe(401);
    expect((await post(`${url}/api/session`, JSON.stringify({ key: 'x'.repeat(100_000) }))).status).toBe(413);
    await close();
  });
});

describe('an open gateway', () => {
  it('is called by address or by a plain name, and not by a name that a page made lead here', async () => {
    const { url, close } = await stack.startGateway({ access: { allowedHosts: ['onegin.example.org'] } });
    const { port } = new URL(url);
    for (const host of [
      `127.0.0.1:${port}`,
      'localhost',
      `[::1]:${port}`,
      'lab:80',
      'a.localhost',
      'Onegin.example.org',
    ])
      expect([host, (await askRaw(url, { host })).status]).toEqual([host, 200]);
    for (const host of [
      `evil.example:${port}`,
      'onegin.example.org.evil.example',
      '127.0.0.1.evil.example',
    ]) {
      const { status, body } = await askRaw(url, { host });
      expect([host, status, body.code]).toEqual([host, 403, 'forbidden']);
      expect(body.detail).toContain('ALLOWED_HOSTS');
    }
    await close();
  });

  it('on this machine only does not answer others through a proxy', async () => {
    const { url, close } = await stack.startGateway();
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip']) {
      const { status, body } = await askRaw(url, { [header]: '203.0.113.7' });
      expect([header, status]).toEqual([header, 403]);
      expect(body.detail).toContain('AUTH=keys');
    }
    const off = await stack.startGateway({ access: { onlyThisMachine: false } });
    expect((await askRaw(off.url, from('203.0.113.7'))).status).toBe(200);
    await Promise.all([close(), off.close()]);
  });

  it('says that no key is needed', async () => {
    const { url, close } = await stack.startGateway();
    const open = {
      keysRequired: false,
      scope: 'admin',
      signedIn: false,
      key: null,
      jobId: null,
      expiresAt: null,
    };
    expect((await ask(`${url}/api/session`)).body).toEqual(open);
    const signedIn = await post(`${url}/api/session`, { key: 'whatever' });
    expect([signedIn.body, signedIn.headers.getSetCookie()]).toEqual([open, []]);
    await close();
  });
});

describe('metrics', () => {
  it('need a key unless the operator opens them', async () => {
    const guarded = await stack.startGateway({ access: { mode: 'keys' } });
    expect((await ask(`${guarded.url}/metrics`)).status).toBe(401);
    const opened = await stack.startGateway({ access: { mode: 'keys', metricsNeedKey: false } });
    const { status, body } = await ask(`${opened.url}/metrics`);
    expect([status, String(body).includes('onegin_gateway_problems_total')]).toEqual([200, true]);
    await Promise.all([guarded.close(), opened.close()]);
  });
});

describe('what browsers are told', () => {
  it('lets pages run nothing inline, and data nothing at all', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onegin-web-'));
    await writeFile(join(folder, 'index.html'), '<body><on-root></on-root></body>');
    await writeFile(join(folder, 'worker-A1B2C3D4.js'), 'postMessage(1);');
    const { url, close } = await stack.startGateway({
      webDir: folder,
      access: { embedOrigins: ['https://a.example'] },
    });
    const html = { headers: { accept: 'text/html' } };
    const policyOf = (headers: Headers) =>
      new Map(
        (headers.get('content-security-policy') ?? '').split(';').map((directive) => {
          const [name = '', ...sources] = directive.trim().split(' ');
          return [name, sources.join(' ')];
        }),
      );
    const [first, second] = [await ask(url, html), await ask(`${url}/jobs/abcdef`, html)];
    const policies = [first, second].map(({ headers }) => policyOf(headers));
    for (const policy of policies) {
      expect(policy.get('default-src')).toBe("'none'");
      expect(policy.get('script-src')).toBe("'self' 'wasm-unsafe-eval'");
      expect(policy.get('style-src')).not.toContain('unsafe');
      expect(policy.get('frame-ancestors')).toBe("'self'");
    }
    const nonces = policies.map((policy) => /'nonce-([^']+)'/.exec(policy.get('style-src') ?? '')?.[1]);
    expect(new Set(nonces).size).toBe(2);
    expect(first.body).toBe(`<body><on-root ngCspNonce="${nonces[0]}"></on-root></body>`);
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect(first.headers.get('x-content-type-options')).toBe('nosniff');
    expect(first.headers.get('referrer-policy')).toBe('no-referrer');
    expect(first.headers.get('x-powered-by')).toBeNull();
    const embedded = await ask(`${url}/embed/abcdef`, html);
    expect(policyOf(embedded.headers).get('frame-ancestors')).toBe("'self' https://a.example");
    expect(embedded.headers.get('x-frame-options')).toBeNull();
    // A file's policy applies to a worker made from it.
    const worker = await ask(`${url}/worker-A1B2C3D4.js`);
    expect([...policyOf(worker.headers)]).toEqual([['default-src', "'self'"]]);
    expect(worker.headers.get('x-content-type-options')).toBe('nosniff');
    const data = await ask(`${url}/api/jobs`);
    expect(policyOf(data.headers).get('default-src')).toBe("'none'");
    expect(policyOf(data.headers).has('sandbox')).toBe(true);
    await close();
    await rm(folder, { recursive: true });
  });

  it('finds Angular’s component wherever the page has it, and replaces what a page brings', () => {
    expect(withNonce('<body class="a">\n<on-root ngCspNonce="old" id="x"></on-root>', 'N')).toBe(
      '<body class="a">\n<on-root ngCspNonce="N" id="x"></on-root>',
    );
    expect(withNonce('<style>a{}</style><style media="print"></style>', 'N')).toBe(
      '<style nonce="N">a{}</style><style nonce="N" media="print"></style>',
    );
  });
});

describe('the log', () => {
  it('has no secret, whatever is done with it', async () => {
    const lines: string[] = [];
    const operator = 'operators-secret-0123456789-0123456789';
    const { url, close } = await stack.startGateway({
      access: { mode: 'keys', adminKey: operator },
      onLog: (line) => lines.push(line),
    });
    const { key } = await keys.make('admin');
    const wrong = key.replace(/.$/, key.endsWith('A') ? 'B' : 'A');
    const signedIn = await post(`${url}/api/session`, { key });
    const token = signedIn.headers.getSetCookie()[0]!.split(/[=;]/)[1]!;
    const made = await post(`${url}/api/keys`, { name: 'new', scope: 'read' }, bearer(operator));
    const secrets = [key, wrong, made.body.key as string].map((text) => text.split('_').slice(2).join('_'));
    secrets.push(token, operator);
    for (const secret of [key, wrong, operator]) {
      await ask(`${url}/api/jobs?key=${secret}`, { headers: bearer(secret) });
      await ask(`${url}/api/jobs/${secret}`, {
        headers: { ...bearer(key), cookie: `onegin_session=${token}` },
      });
      await post(`${url}/api/session`, `{"key": "${secret}", }`, { 'content-type': 'application/json' });
      await post(`${url}/api/session`, { key: secret, more: secret });
      await post(`${url}/api/optimize`, { dataset: 'digits', name: secret.slice(0, 9) }, bearer(secret));
      await post(`${url}/api/optimize`, `{"${secret}`, {
        ...bearer(key),
        'content-type': 'application/json',
      });
    }
    await post(`${url}/api/keys/${made.body.id}/revoke`, undefined, bearer(operator));
    await close();
    const text = lines.join('');
    expect(lines.length).toBeGreaterThan(15);
    expect(text).toContain('key revoked');
    expect(secrets.filter((secret) => secret !== operator && text.includes(secret))).toEqual([]);
    // The operator's key has no recognizable form; it is logged only if a caller puts it into an address.
    const told = lines.filter((line) => line.includes(operator));
    expect(told.filter((line) => !/"url":"[^"]*operators-secret/.test(line))).toEqual([]);
  });
});
