/** The command line against a gateway that asks for keys. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiKey, MadeApiKey } from '@onegin/contracts';
import { append } from '../../../services/gateway/src/testing/play-study.ts';
import {
  startTestStack,
  until,
  type TestGateway,
  type TestStack,
} from '../../../services/gateway/src/testing/test-gateway.ts';
import { TestKeys } from '../../../services/gateway/src/testing/test-keys.ts';
import { apiKeyOf } from './client/api-key.ts';
import { adminKeyFile } from './up/admin-key.ts';

const BIN = join(import.meta.dirname, '../bin/onegin.js');
const OPERATOR = 'operators-secret-0123456789-0123456789';

let stack: TestStack;
let gateway: TestGateway;
let keys: TestKeys;
let folder: string;

beforeAll(async () => {
  stack = await startTestStack();
  gateway = await stack.startGateway({ access: { mode: 'keys', adminKey: OPERATOR } });
  keys = new TestKeys(stack);
  folder = await mkdtemp(join(tmpdir(), 'onegin-cli-keys-'));
});

afterAll(async () => {
  await stack.remove();
  await rm(folder, { recursive: true, force: true });
});

function onegin(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ONEGIN_URL: gateway.url, ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => (stdout += String(data)));
  child.stderr.on('data', (data) => (stderr += String(data)));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { ended, stdout: () => stdout, stderr: () => stderr };
}

async function finished(args: readonly string[], env?: Record<string, string>) {
  const run = onegin(args, env);
  return { status: await run.ended, stdout: run.stdout(), stderr: run.stderr() };
}

describe('onegin keys', () => {
  it('makes the first key straight in Redis, lists it without its secret, and revokes it', async () => {
    const env = { REDIS_URL: stack.redisServer.url };
    const args = ['keys', 'create', '--redis', '--name', 'first', '--scope', 'admin', '--expires', '1d'];
    const made = await finished(args, env);
    expect(made).toMatchObject({ status: 0, stderr: expect.stringContaining('shown this once') });
    const key = made.stdout.trim();
    // Alone on its line, so that it can be kept in a file as it comes.
    const file = join(folder, 'first.key');
    await writeFile(file, made.stdout);
    const list = await finished(['keys', 'list', '--json', '--key-file', file]);
    expect(list.stdout).not.toContain(key.split('_').slice(2).join('_'));
    const { keys: listed } = JSON.parse(list.stdout) as { keys: ApiKey[] };
    const found = listed.find(({ name }) => name === 'first')!;
    expect(found.expiresAt! - found.createdAt).toBe(86_400_000);
    expect((await finished(['keys', 'revoke', found.id, '--redis'], env)).status).toBe(0);
    const after = await finished(['jobs', '--key-file', file]);
    expect([after.status, after.stdout]).toEqual([1, '']);
    expect(after.stderr).toContain('revoked');
  });

  it('does the same through a gateway', async () => {
    const env = { ONEGIN_API_KEY: OPERATOR };
    const made = await finished(['keys', 'create', '--name', 'Ada', '--scope', 'run', '--json'], env);
    const { id, key } = JSON.parse(made.stdout) as MadeApiKey;
    expect((await finished(['jobs'], { ONEGIN_API_KEY: key })).status).toBe(0);
    expect((await finished(['keys', 'list'], env)).stdout).toMatch(new RegExp(`${id} +Ada +run +good`));
    await finished(['keys', 'revoke', id], env);
    expect((await finished(['keys', 'list'], env)).stdout).toMatch(new RegExp(`${id} +Ada +run +revoked`));
  });
});

describe('a command', () => {
  it('without a key, or with one that does not reach, says what to do', async () => {
    const without = await finished(['jobs']);
    expect(without.status).toBe(1);
    expect(without.stderr).toContain('ONEGIN_API_KEY');
    const { key } = await keys.make('read');
    const start = ['optimize', '--dataset', 'digits', '--no-watch'];
    const reading = await finished(start, { ONEGIN_API_KEY: key });
    expect([reading.status, reading.stderr]).toEqual([
      1,
      'The key does not allow this: this needs scope run; the key "a key to read" has read\n',
    ]);
    expect(reading.stderr + without.stderr).not.toContain('    at ');
  });

  it('watches with the key, and ends when that is revoked', async () => {
    const { id, key } = await keys.make('run');
    const started = await finished(['optimize', '--dataset', 'digits', '--no-watch', '--json'], {
      ONEGIN_API_KEY: key,
    });
    const { jobId } = JSON.parse(started.stdout) as { jobId: string };
    await append(stack.log, jobId, [{ type: 'JobStarted' }]);
    const watching = onegin(['watch', jobId, '--json'], { ONEGIN_API_KEY: key });
    await until(() => watching.stdout().includes('JobStarted'), 'it watches');
    await keys.store.revoke(id);
    expect(await watching.ended).toBe(1);
    expect(watching.stderr()).toContain('revoked');
  });

  it('that is told to wait waits, and says so', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked++;
      if (asked === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"jobs":[],"next":null}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const run = await finished(['jobs', '--url', url]);
    server.close();
    expect([run.status, asked]).toEqual([0, 2]);
    expect(run.stderr).toContain('trying again in 1 s');
  });
});

describe('where a key is looked for', () => {
  it('is the file that is named, then the environment', async () => {
    const file = join(folder, 'a.key');
    await writeFile(file, 'from-file\n');
    const environment = { ONEGIN_API_KEY: 'from-environment', ONEGIN_API_KEY_FILE: file };
    expect(apiKeyOf({ file, environment })).toBe('from-file');
    expect(apiKeyOf({ environment })).toBe('from-environment');
    expect(apiKeyOf({ environment: { ONEGIN_API_KEY_FILE: file } })).toBe('from-file');
    expect(apiKeyOf({ environment: {} })).toBeNull();
    expect(() => apiKeyOf({ file: join(folder, 'none'), environment })).toThrow('cannot read');
    await writeFile(file, 'one two');
    expect(() => apiKeyOf({ file, environment })).toThrow('one key');
  });
});

describe('the first key of one machine', () => {
  it('is made where keys are asked for, kept, and readable by its owner only', async () => {
    expect(await adminKeyFile(folder, '127.0.0.1', {})).toBeNull();
    expect(await adminKeyFile(folder, '0.0.0.0', { AUTH: 'off' })).toBeNull();
    expect(await adminKeyFile(folder, '0.0.0.0', { ONEGIN_ADMIN_KEY: OPERATOR })).toBeNull();
    const path = await adminKeyFile(folder, '0.0.0.0', {});
    const key = await readFile(path!, 'utf8');
    expect(key.trim().length).toBeGreaterThanOrEqual(43);
    expect((await stat(path!)).mode & 0o777).toBe(0o600);
    expect(await adminKeyFile(folder, '127.0.0.1', { AUTH: 'keys' })).toBe(path);
    expect(await readFile(path!, 'utf8')).toBe(key);
  });
});
