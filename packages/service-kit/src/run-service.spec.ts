import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createLogger } from './logger.ts';
import { connectRedis } from './redis-connections.ts';
import { startRedisServer, type RedisServer } from './testing/redis-server.ts';
import { until } from './testing/until.ts';
import { TypedQueue } from './typed-queue.ts';

const main = fileURLToPath(new URL('./testing/example-service.ts', import.meta.url));
let server: RedisServer;
let running: Service[];

interface Service {
  child: ChildProcess;
  lines: { msg: string; level: string; port?: number }[];
  errors: string;
  exit: Promise<number | null>;
}

beforeEach(async () => {
  server = await startRedisServer();
  running = [];
});
afterEach(async () => {
  for (const { child, exit } of running) {
    child.kill('SIGKILL');
    await exit;
  }
  await server.remove();
});

function run(environment: Record<string, string> = {}): Service {
  const env = { PATH: process.env['PATH'] ?? '', REDIS_URL: server.url, HEALTH_PORT: '0', ...environment };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const service: Service = {
    child,
    lines: [],
    errors: '',
    exit: new Promise((resolve) => child.once('close', resolve)),
  };
  let rest = '';
  child.stdout.on('data', (data: Buffer) => {
    const parts = (rest + data.toString()).split('\n');
    rest = parts.pop()!;
    service.lines.push(...parts.map((line) => JSON.parse(line) as Service['lines'][number]));
  });
  child.stderr.on('data', (data: Buffer) => (service.errors += data.toString()));
  running.push(service);
  return service;
}

const says = (service: Service, words: RegExp) =>
  until(() => service.lines.some(({ msg }) => words.test(msg)));
const said = (service: Service) => service.lines.map(({ msg }) => msg);
const page = async (service: Service, path: string) => {
  await says(service, /health, readiness/);
  return fetch(`http://127.0.0.1:${service.lines.find(({ port }) => port)!.port}${path}`);
};

describe('the life of a service', () => {
  test('it is ready, works, and ends in order when it is told to', async () => {
    const service = run();
    await says(service, /^ready$/);
    expect((await page(service, '/ready')).status).toBe(200);
    expect(await (await page(service, '/metrics')).text()).toContain('process_cpu_seconds_total');
    expect((await page(service, '/other')).status).toBe(404);
    const redis = connectRedis(server.url, {
      name: 'spec',
      logger: createLogger({ service: 'spec', level: 'silent' }),
    });
    await new TypedQueue('studies', redis.blocking).add({ jobId: 'job-one' });
    await says(service, /^working$/);
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(0);
    expect(said(service).slice(-4)).toEqual(['ending', 'worked', 'the part ended', 'ended']);
    redis.close();
  });

  test('work that does not end is left to others when the grace period ends', async () => {
    const service = run({ SHUTDOWN_GRACE: '1s' });
    await says(service, /^ready$/);
    const redis = connectRedis(server.url, {
      name: 'spec',
      logger: createLogger({ service: 'spec', level: 'silent' }),
    });
    const queue = new TypedQueue('studies', redis.blocking);
    await queue.add({ jobId: 'job-slow' }, { id: 'slow' });
    await says(service, /^working$/);
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(0);
    expect(said(service)).toContain('work did not end in time; another worker will take it up');
    expect(await queue.state('slow')).toBe('active');
    redis.close();
  });

  test('a second signal ends it at once', async () => {
    const service = run({ SHUTDOWN_GRACE: '60s' });
    await says(service, /^ready$/);
    const redis = connectRedis(server.url, {
      name: 'spec',
      logger: createLogger({ service: 'spec', level: 'silent' }),
    });
    await new TypedQueue('studies', redis.blocking).add({ jobId: 'job-slow' });
    await says(service, /^working$/);
    service.child.kill('SIGINT');
    await says(service, /^ending$/);
    service.child.kill('SIGINT');
    expect(await service.exit).toBe(1);
    redis.close();
  });

  test('without Redis it waits, lives, and is not ready; then it goes on', async () => {
    await server.stop();
    const service = run();
    await says(service, /Redis cannot be reached, waiting/);
    expect((await page(service, '/health')).status).toBe(200);
    const ready = await page(service, '/ready');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: { redis: false } });
    await server.restart();
    await says(service, /^ready$/);
    await until(async () => (await page(service, '/ready')).status === 200);
  });

  test('while it waits for Redis it can be ended', async () => {
    await server.stop();
    const service = run();
    await says(service, /waiting/);
    service.child.kill('SIGTERM');
    expect(await service.exit).toBe(0);
    expect(said(service)).not.toContain('ready');
  });

  test('wrong variables end it before anything starts, all named', async () => {
    const service = run({ REDIS_URL: 'nowhere', LOG_LEVEL: 'loud' });
    expect(await service.exit).toBe(78);
    expect(service.errors).toMatch(/^example cannot start: the environment is not valid:/);
    expect(service.errors).toMatch(
      /REDIS_URL: expected an address such as redis:\/\/host:port, found "nowhere"/,
    );
    expect(service.errors).toMatch(/LOG_LEVEL: expected one of/);
  });

  test.each([
    ['start', /this part does not start/],
    ['worker', /studies: expected 1 processors, found 0/],
    ['later', /nobody caught this/],
  ])(
    'a failure (%s) ends it with a message and a status',
    async (fail, message) => {
      const service = run({ FAIL: fail });
      expect(await service.exit).toBe(1);
      expect(service.lines.find(({ level }) => level === 'fatal')!.msg).toMatch(message);
      expect(said(service).at(-1)).toBe('ended');
    },
    30_000,
  );

  test('a port that is taken is named', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, resolve));
    const { port } = taken.address() as AddressInfo;
    const service = run({ HEALTH_PORT: String(port) });
    expect(await service.exit).toBe(1);
    expect(said(service)).toContain(`port ${port} is taken by another program`);
    taken.close();
  });
});
