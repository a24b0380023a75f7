import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { freePort, startRedisServer } from '@onegin/service-kit/testing';
import { ask, post, startTestStack, until } from './testing/test-gateway.ts';
import { TestWatcher } from './testing/test-watcher.ts';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

interface Run {
  readonly child: ChildProcess;
  readonly exit: Promise<{ code: number | null; signal: string | null }>;
  output(): string;
  /** Of the lines that it logged at this level. */
  messages(level: string): string[];
}

/** The gateway as it is run for real. @param options of Node */
async function runGateway(environment: Record<string, string>, options: string[] = []): Promise<Run> {
  const folder = await mkdtemp(join(tmpdir(), 'onegin-gateway-'));
  let text = '';
  const child = spawn(process.execPath, [...options, join(import.meta.dirname, 'main.ts')], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ARTIFACTS_DIR: join(folder, 'artifacts'), ...environment },
  });
  child.stdout.on('data', (data) => (text += String(data)));
  child.stderr.on('data', (data) => (text += String(data)));
  const exit = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  cleanUp.push(async () => {
    child.kill('SIGKILL');
    await exit;
    await rm(folder, { recursive: true, force: true });
  });
  return {
    child,
    exit,
    output: () => text,
    messages: (level) =>
      text
        .split('\n')
        .filter((line) => line.startsWith(`{"level":"${level}"`))
        .map((line) => (JSON.parse(line) as { msg: string }).msg),
  };
}

const answers = (url: string) =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

describe('the gateway as a process', () => {
  it('listens before Redis is there, says so, works once it is, and ends on SIGTERM', async () => {
    const redis = await startRedisServer();
    cleanUp.push(() => redis.remove());
    await redis.stop();
    const port = await freePort();
    const run = await runGateway({ PORT: String(port), REDIS_URL: redis.url });
    const url = `http://127.0.0.1:${port}`;
    await until(() => answers(`${url}/health`), 'it answers');
    const ready = await ask(`${url}/ready`);
    expect([ready.status, ready.body.code]).toEqual([503, 'redis-unavailable']);
    const refused = await post(`${url}/api/optimize`, { dataset: 'mnist-10k' });
    expect([refused.status, refused.body.code]).toEqual([503, 'redis-unavailable']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask(`${url}/api/datasets`)).body.datasets[0].name).toBe('mnist-10k');

    await redis.restart();
    await until(() => answers(`${url}/ready`), 'it is ready');
    const accepted = await post(`${url}/api/optimize`, { dataset: 'mnist-10k' });
    expect(accepted.status).toBe(202);
    const watcher = new TestWatcher(url, accepted.body.jobId);
    cleanUp.push(() => watcher.close());
    await until(() => watcher.seq === 1, 'a client watches');
    run.child.kill('SIGTERM');
    expect(await run.exit).toEqual({ code: 0, signal: null });
    expect(watcher.goodbyes).toEqual(['the gateway is shutting down']);
    expect(run.messages('info').at(-1)).toBe('ended');
  });

  it('says when its port is taken, and ends with status 1', async () => {
    const other = createServer();
    const port = await freePort();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    cleanUp.push(() => new Promise((resolve) => other.close(resolve)));
    const run = await runGateway({ PORT: String(port) });
    expect((await run.exit).code).toBe(1);
    expect(run.messages('fatal')).toEqual([`port ${port} is taken by another program`]);
    expect(run.output()).not.toContain(' at ');
  });

  it('ends with status 1 after an uncaught exception, and its clients are told', async () => {
    const redis = await startRedisServer();
    cleanUp.push(() => redis.remove());
    const port = await freePort();
    const fault =
      "data:text/javascript,process.on('SIGUSR2', () => { throw new Error('nobody caught this') })";
    const run = await runGateway({ PORT: String(port), REDIS_URL: redis.url }, ['--import', fault]);
    const url = `http://127.0.0.1:${port}`;
    await until(() => answers(`${url}/ready`), 'it is ready');
    const { jobId } = (await post(`${url}/api/optimize`, { dataset: 'mnist-10k' })).body;
    const watcher = new TestWatcher(url, jobId);
    cleanUp.push(() => watcher.close());
    await until(() => watcher.seq === 1, 'a client watches');
    run.child.kill('SIGUSR2');
    expect((await run.exit).code).toBe(1);
    expect(run.messages('fatal')).toEqual(['nobody caught this']);
    expect(watcher.goodbyes).toEqual(['the gateway is shutting down']);
  });

  it('says when the folder of artifacts cannot be written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onegin-file-'));
    cleanUp.push(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'artifacts'), 'a file where a folder should be');
    const run = await runGateway({ PORT: '0', ARTIFACTS_DIR: join(folder, 'artifacts') });
    expect((await run.exit).code).toBe(1);
    expect(run.messages('fatal')).toEqual([expect.stringContaining(join(folder, 'artifacts'))]);
  });
});

describe('while Redis is unreachable', () => {
  it('requests are answered with 503 and a time to try again, and work again when it is back', async () => {
    const stack = await startTestStack();
    cleanUp.push(() => stack.remove());
    const { url } = await stack.startGateway();
    const { jobId } = (await post(`${url}/api/optimize`, { dataset: 'digits' })).body;
    await stack.redisServer.stop();
    const requests = [
      () => ask(`${url}/api/jobs`),
      () => ask(`${url}/api/jobs/${jobId}`),
      () => ask(`${url}/api/trainers`),
      () => post(`${url}/api/jobs/${jobId}/cancel`),
      () => post(`${url}/api/optimize`, { dataset: 'digits' }, { 'idempotency-key': 'again' }),
    ];
    for (const request of requests) {
      const { status, headers, body } = await request();
      expect([status, body.code]).toEqual([503, 'redis-unavailable']);
      expect(headers.get('retry-after')).toBe('2');
    }
    expect((await ask(`${url}/health`)).status).toBe(200);
    await stack.redisServer.restart();
    await until(() => answers(`${url}/ready`), 'it is ready');
    expect((await ask(`${url}/api/jobs/${jobId}`)).body.status).toBe('queued');
    const first = await post(`${url}/api/optimize`, { dataset: 'digits' }, { 'idempotency-key': 'again' });
    const second = await post(`${url}/api/optimize`, { dataset: 'digits' }, { 'idempotency-key': 'again' });
    expect([first.status, second.body]).toEqual([202, first.body]);
  });

  it('a Redis that is full is said so', async () => {
    const stack = await startTestStack();
    cleanUp.push(() => stack.remove());
    const { url } = await stack.startGateway();
    await stack.redis.blocking.config('SET', 'maxmemory', '1');
    const { status, body } = await post(`${url}/api/optimize`, { dataset: 'digits' });
    expect([status, body.code]).toEqual([503, 'redis-full']);
  });
});

describe('the web UI', () => {
  it('is served where it was built: files, and its first page for addresses inside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onegin-web-'));
    cleanUp.push(() => rm(folder, { recursive: true, force: true }));
    await mkdir(join(folder, 'media'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>UI</title>');
    await writeFile(join(folder, 'main-AB12CD34.js'), 'export {};');
    await writeFile(join(folder, 'main-AB12CD34.js.gz'), gzipSync('export {};'));
    const stack = await startTestStack();
    cleanUp.push(() => stack.remove());
    const { url } = await stack.startGateway({ webDir: relative(process.cwd(), folder) });
    const html = { headers: { accept: 'text/html' } };
    for (const path of ['/', '/jobs/abcdef', '/learn'])
      expect((await ask(url + path, html)).body).toContain('UI');
    const script = await ask(`${url}/main-AB12CD34.js`);
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect(script.headers.get('content-encoding')).toBe('gzip');
    expect(script.body).toBe('export {};');
    expect((await ask(`${url}/main-00000000.js`, html)).status).toBe(404);
    expect((await ask(`${url}/api/nowhere`, html)).body.code).toBe('not-found');
    expect((await ask(`${url}/..%2f..%2fetc%2fpasswd`, html)).body).not.toContain('root:');
    const embedded = await ask(`${url}/embed/abcdef`, html);
    expect(embedded.headers.get('content-security-policy')).toMatch(/frame-ancestors 'self'$/);
    expect((await ask(url, html)).headers.get('x-frame-options')).toBe('SAMEORIGIN');
  });
});
