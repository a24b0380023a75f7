/**
 * Input becomes part of a name in Redis, or of a path in the artifact store, only in the forms intended for it. Every
 * command that reaches Redis and every key that reaches the store is checked.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { io } from 'socket.io-client';
import type { ArtifactStore } from '@onegin/artifacts';
import { routes } from './routes/index.ts';
import { append, storeTrial, trialEvents } from './testing/play-study.ts';
import { post, startTestStack, type TestGateway, type TestStack } from './testing/test-gateway.ts';
import { bearer, TestKeys } from './testing/test-keys.ts';

const REQUESTS = 300;

/** All names in Redis that a gateway may touch. */
const REDIS_NAMES = [
  /^onegin:\{[a-z0-9][a-z0-9-]{5,63}\}:(?:log|trials|blocks|control)$/,
  /^onegin:(?:jobs|trainers|simulator)$/,
  /^onegin:trainer:[\w.:-]+$/,
  /^onegin:\{keys\}:(?:records|revoked|used|public)$/,
  /^onegin:\{keys\}:session:[0-9a-f]{64}$/,
  /^onegin:idempotency:[0-9a-f]{64}$/,
  // Counted by network, or by the id of a verified key.
  /^onegin:limit:(?:requests|changes|wrong-keys):(?:[\d.]+|[0-9a-f:]+|[a-z0-9]{12})$/,
  // Of the queue; ids in them are made by the gateway.
  /^\{onegin\}:studies(?::[\w:-]+)?$/,
];

const STORE_INDEX = /^optimization_results\/\.index\/(?:[a-z0-9][a-z0-9-]{5,63}\.json)?$/;

let stack: TestStack;
let gateway: TestGateway;
let asking: Redis;
let monitor: Redis;
let key: string;
let jobId: string;
const commands: string[][] = [];
const storeKeys = new Set<string>();
/** Keys of artifacts that the study's log names. */
const named = new Set<string>();

beforeAll(async () => {
  stack = await startTestStack();
  const { artifacts } = stack;
  const watched = new Proxy(artifacts, {
    get: (store, property: keyof ArtifactStore) => {
      const value: unknown = store[property];
      if (typeof value !== 'function') return value;
      return (first: string | { key: string }, ...more: unknown[]): unknown => {
        storeKeys.add(typeof first === 'string' ? first : first.key);
        return Reflect.apply(value, store, [first, ...more]);
      };
    },
  });
  gateway = await stack.startGateway({
    artifacts: watched,
    access: { mode: 'keys', requestsPerMinute: 1_000_000, trustedProxies: ['loopback'] },
  });
  key = (await new TestKeys(stack).make('admin')).key;
  jobId = (await post(`${gateway.url}/api/optimize`, { dataset: 'digits' }, bearer(key))).body.jobId;
  const [requested] = await stack.log.read(jobId, 0);
  if (requested?.type !== 'JobRequested') throw new Error('the job was not requested');
  const stored = Object.values(await storeTrial(artifacts, requested.config, 0));
  for (const ref of stored) named.add(ref.key);
  await append(stack.log, jobId, [{ type: 'JobStarted' }, ...trialEvents(jobId, 0, { artifacts: stored })]);
  asking = stack.redis.blocking.duplicate();
  monitor = await asking.monitor();
  monitor.on('monitor', (_time: string, args: string[], source: string) => {
    if (source !== 'lua') commands.push(args);
  });
});

afterAll(async () => {
  monitor.disconnect();
  asking.disconnect();
  await stack.remove();
});

/** Text that would mean something else in a path, a pattern, a protocol or an object. */
const hostile = fc.oneof(
  fc.constantFrom(
    ...['../../../etc/passwd', '..', '.', '/etc/passwd', '..\\..\\x', '%2e%2e%2f', '....//', '~/.ssh/id_rsa'],
    ...['*', '?', '[a-z]*', '{keys}:records', 'keys', 'x}:log', 'abcdef}:{keys', 'onegin:{keys}:records'],
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'],
    ...[
      '\u0000',
      'a\r\nFLUSHALL\r\n',
      "');redis.call('FLUSHALL')--",
      '"',
      'x'.repeat(300),
      '\u202e',
      'ＡＢＣ',
    ],
  ),
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.toWellFormed()),
  // Well-formed, but of no job.
  fc.stringMatching(/^[a-z0-9][a-z0-9-]{5,20}$/),
);
const part = fc.oneof({ weight: 3, arbitrary: hostile }, { weight: 1, arbitrary: fc.constant('THE-JOB') });

/** Headers are limited to ASCII. */
const headerText = hostile.map((text) => text.replaceAll(/[^\x20-\x7e]/g, '').trim());

async function namesInRedis(): Promise<Set<string>> {
  const { blocking } = stack.redis;
  const names = new Set<string>();
  for (const args of commands) {
    const [name = ''] = args;
    if (
      /^(?:info|ping|client|hello|auth|select|subscribe|psubscribe|(?:p?un)subscribe|publish|script|command)$/i.test(
        name,
      )
    )
      continue;
    const keys = (await blocking.call('COMMAND', 'GETKEYS', ...args).catch(() => [])) as string[];
    for (const found of keys) names.add(found);
  }
  return names;
}

describe('what callers write', () => {
  it('never becomes a name or a path of its own', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        fc.array(part, { minLength: 4, maxLength: 4 }),
        fc.record({
          'idempotency-key': headerText,
          'x-forwarded-for': headerText,
          'x-request-id': headerText,
          cookie: headerText.map((text) => `onegin_session=${encodeURIComponent(text)}`),
        }),
        fc.boolean(),
        async ({ method, path }, parts, headers, proved) => {
          let n = 0;
          const address = path.replaceAll(/\{\w+\}/g, () => {
            const value = parts[n++ % parts.length]!;
            return encodeURIComponent(value === 'THE-JOB' ? jobId : value);
          });
          const query = `?after=${encodeURIComponent(parts[3]!)}&dataset=${encodeURIComponent(parts[2]!)}`;
          const body = {
            dataset: 'digits',
            name: parts[1]!.slice(0, 100),
            key: parts[0],
            public: true,
            scope: 'read',
          };
          const response = await fetch(gateway.url + address + (method === 'get' ? query : ''), {
            method: method.toUpperCase(),
            headers: {
              ...(Object.fromEntries(Object.entries(headers).filter(([, text]) => text !== '')) as Record<
                string,
                string
              >),
              ...(proved ? bearer(key) : { authorization: `Bearer ${headers['idempotency-key']}` }),
              'content-type': 'application/json',
            },
            ...(method === 'post' && { body: JSON.stringify(body) }),
          });
          await response.arrayBuffer();
          expect(response.status).toBeLessThan(500);
        },
      ),
      { numRuns: REQUESTS },
    );
    await fc.assert(
      fc.asyncProperty(hostile, hostile, async (job, other) => {
        const socket = io(gateway.url, { transports: ['websocket'], auth: { key }, reconnection: false });
        await new Promise((resolve) => socket.emit('watchJob', { jobId: job }, resolve));
        socket.emit('unwatchJob', { jobId: other });
        socket.close();
      }),
      { numRuns: 40 },
    );
    const names = [...(await namesInRedis())];
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !REDIS_NAMES.some((form) => form.test(name)))).toEqual([]);
    const read = [...storeKeys].filter((name) => !named.has(name));
    expect(read.length).toBeGreaterThan(5);
    expect(read.filter((name) => !STORE_INDEX.test(name))).toEqual([]);
  });
});
