/**
 * Every route of the OpenAPI document, called with keys of every kind. The document is the one that the gateway serves,
 * so new routes are included.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allows, problemSchema, scopes, type MadeApiKey, type Scope } from '@onegin/contracts';
import { append } from './testing/play-study.ts';
import {
  ask,
  post,
  startTestStack,
  type Json,
  type TestGateway,
  type TestStack,
} from './testing/test-gateway.ts';
import { bearer, cookieOf, TestKeys } from './testing/test-keys.ts';
import { routes } from './routes/index.ts';

/** What anyone may call. Adding a route here must be a decision, not an accident. */
const OPEN = [
  'GET /api/docs',
  'GET /api/docs/{file}',
  'GET /api/errors',
  'GET /api/errors/{code}',
  'GET /api/objective',
  'GET /api/openapi.json',
  'GET /api/pruners',
  'GET /api/samplers',
  'GET /api/session',
  'GET /api/site',
  'POST /api/session',
  'DELETE /api/session',
  'GET /health',
  'GET /ready',
];

interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** The scope it needs according to the document; null: none. */
  readonly scope: Scope | null;
}

let stack: TestStack;
let gateway: TestGateway;
let keys: TestKeys;
let document: Json;
let jobId: string;
const byScope = new Map<Scope, MadeApiKey>();

beforeAll(async () => {
  stack = await startTestStack();
  gateway = await stack.startGateway({ access: { mode: 'keys', trustedProxies: ['loopback'] } });
  keys = new TestKeys(stack);
  for (const scope of scopes) byScope.set(scope, await keys.make(scope));
  document = (await ask(`${gateway.url}/api/openapi.json`)).body;
  jobId = await startJob();
});

afterAll(() => stack.remove());

async function startJob(): Promise<string> {
  const { status, body } = await post(
    `${gateway.url}/api/optimize`,
    { dataset: 'digits' },
    bearer(keyOf('run')),
  );
  expect(status).toBe(202);
  await append(stack.log, body.jobId, [{ type: 'JobStarted' }]);
  return body.jobId;
}

const keyOf = (scope: Scope): string => byScope.get(scope)!.key;

/** The table only names the cases; the first test compares it with the document. */
const operations: Operation[] = routes.map(({ method, path, access }) => ({
  name: `${method.toUpperCase()} ${path}`,
  method: method.toUpperCase(),
  path,
  scope: access === 'open' ? null : access,
}));
const guarded = operations.filter(({ scope }) => scope !== null);

const VALUES: Record<string, string> = {
  number: '0',
  kind: 'training-history',
  format: 'svg',
  code: 'internal',
  file: 'start.js',
  keyId: 'nosuchkey123',
};

const addressOf = ({ path }: Operation, job = jobId): string =>
  gateway.url +
  path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => (name === 'jobId' ? job : VALUES[name]!));

let networks = 0;
/** Each from another address, so that wrong keys don't run into the rate limit. */
function call(operation: Operation, headers: Record<string, string>, job?: string) {
  networks++;
  const from = `10.${networks >> 16}.${(networks >> 8) & 255}.${networks & 255}`;
  return ask(addressOf(operation, job), {
    method: operation.method,
    headers: { 'x-forwarded-for': from, ...headers },
  });
}

async function expectRefusal(
  operation: Operation,
  headers: Record<string, string>,
  status: 401 | 403,
  job?: string,
): Promise<string> {
  const answer = await call(operation, headers, job);
  const { code, detail } = problemSchema.parse(answer.body);
  expect([operation.name, answer.status, code]).toEqual([
    operation.name,
    status,
    status === 401 ? 'unauthorized' : 'forbidden',
  ]);
  if (status === 401) expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  return detail;
}

describe('the document', () => {
  it('says of every route who may ask', () => {
    const told = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
      Object.entries<Json>(methods).map(([method, { security }]) => ({
        name: `${method.toUpperCase()} ${path}`,
        scope: security.length === 0 ? null : security[0].key[0],
        ways: security.map((way: Json) => Object.keys(way)[0]),
      })),
    );
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(told.map(({ name, scope }) => ({ name, scope })).sort(byName)).toEqual(
      operations.map(({ name, scope }) => ({ name, scope })).sort(byName),
    );
    for (const { scope, ways } of told) expect(ways).toEqual(scope === null ? [] : ['key', 'session']);
  });

  it('opens nothing to anyone but what is meant to be', () => {
    const open = operations.filter(({ scope }) => scope === null).map(({ name }) => name);
    expect(open.sort()).toEqual([...OPEN].sort());
  });
});

describe.each(guarded)('$name', (operation) => {
  const needed = operation.scope!;

  it('refuses without a key', async () => {
    expect(await expectRefusal(operation, {}, 401)).toContain('Bearer');
    await expectRefusal(operation, { authorization: 'Basic b25lZ2luOm9uZWdpbg==' }, 401);
    await expectRefusal(operation, { cookie: `onegin_session=${'x'.repeat(43)}` }, 401);
  });

  it('refuses a key that is not known, or not any more', async () => {
    const good = keyOf('admin');
    await expectRefusal(operation, bearer('onegin'), 401);
    await expectRefusal(operation, bearer(`${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`), 401);
    await expectRefusal(operation, bearer(`onegin_nosuchkey123_${'A'.repeat(43)}`), 401);
    expect(await expectRefusal(operation, bearer((await keys.revoked('admin')).key), 401)).toContain(
      'revoked',
    );
    expect(await expectRefusal(operation, bearer((await keys.expired('admin')).key), 401)).toContain(
      'expired',
    );
  });

  it('refuses a session whose key is revoked', async () => {
    const made = await keys.make('admin');
    const signedIn = await post(`${gateway.url}/api/session`, { key: made.key });
    const cookie = cookieOf(signedIn.headers);
    const before = await call(operation, { cookie, origin: gateway.url });
    expect([401, 403]).not.toContain(before.status);
    await keys.store.revoke(made.id);
    await expectRefusal(operation, { cookie, origin: gateway.url }, 401);
  });

  it('refuses a wrong scope', async () => {
    for (const scope of scopes.filter((scope) => !allows(scope, needed)))
      expect(await expectRefusal(operation, bearer(keyOf(scope)), 403)).toContain(needed);
    const otherJob = await keys.make('read', { jobId: 'nosuchjob123' });
    await expectRefusal(operation, bearer(otherJob.key), 403);
  });

  it('takes the right one', async () => {
    for (const scope of scopes.filter((scope) => allows(scope, needed))) {
      const { status } = await call(operation, bearer(keyOf(scope)));
      expect([401, 403, 429, 500]).not.toContain(status);
    }
  });
});

describe('what is open', () => {
  it.each(operations.filter(({ scope }) => scope === null))('$name needs no key', async (operation) => {
    const { status } = await call(operation, {});
    expect([401, 403]).not.toContain(status);
  });
});

describe('a key to one job', () => {
  it('reads that job and nothing else', async () => {
    const { key } = await keys.make('read', { jobId });
    const other = await startJob();
    for (const operation of guarded) {
      const { status } = await call(operation, bearer(key));
      const may = operation.scope === 'read' && operation.path.includes('{jobId}');
      expect([operation.name, status === 403]).toEqual([operation.name, !may]);
      if (may) await expectRefusal(operation, bearer(key), 403, other);
    }
  });
});

describe('a public job', () => {
  it('may be looked at by anybody, while others may not and nothing may be changed', async () => {
    const other = await startJob();
    const share = (isPublic: boolean) =>
      post(`${gateway.url}/api/jobs/${jobId}/sharing`, { public: isPublic }, bearer(keyOf('run')));
    expect((await share(true)).body).toEqual({ jobId, public: true });
    for (const operation of guarded) {
      const { status } = await call(operation, {});
      const may = operation.scope === 'read' && operation.path.includes('{jobId}');
      expect([operation.name, status === 401]).toEqual([operation.name, !may]);
      if (may) await expectRefusal(operation, {}, 401, other);
      // A wrong key is an error even for a public job.
      await expectRefusal(operation, bearer('onegin'), 401);
    }
    expect((await share(false)).body).toEqual({ jobId, public: false });
    for (const operation of guarded) await expectRefusal(operation, {}, 401);
  });
});
