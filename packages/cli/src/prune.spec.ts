import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PruneAnswer } from '@onegin/contracts';
import { append, archiveEnded, trialEvents } from '../../../services/gateway/src/testing/play-study.ts';
import {
  ask,
  post,
  startTestStack,
  type TestGateway,
  type TestStack,
} from '../../../services/gateway/src/testing/test-gateway.ts';

const BIN = join(import.meta.dirname, '../bin/onegin.js');
const DAY = 86_400_000;

let stack: TestStack;
let gateway: TestGateway;
/** Ended 200, 100 and 1 days ago. */
const ended: string[] = [];
let running: string;

beforeAll(async () => {
  stack = await startTestStack();
  gateway = await stack.startGateway();
  for (const days of [200, 100, 1]) {
    const jobId = await submit();
    await append(stack.log, jobId, [
      { type: 'JobStarted' },
      ...trialEvents(jobId, 0),
      { type: 'SearchEnded', reason: 'enough' },
      { type: 'JobCompleted' },
    ]);
    await archiveEnded(stack, jobId, { endedAt: Date.now() - days * DAY });
    ended.push(jobId);
  }
  running = await submit();
});

afterAll(() => stack.remove());

const submit = async (): Promise<string> =>
  (await post(`${gateway.url}/api/optimize`, { dataset: 'digits' })).body.jobId as string;

const prune = async (...args: string[]) => {
  const env = { PATH: process.env['PATH'], ONEGIN_URL: gateway.url };
  return promisify(execFile)(process.execPath, [BIN, 'jobs', 'prune', ...args], { env }).catch(
    (error: unknown) => error as { stdout: string; stderr: string; code: number },
  );
};

const answered = async (...args: string[]) => {
  const { removed, jobs, kept } = JSON.parse((await prune(...args, '--json')).stdout) as PruneAnswer;
  return { removed, kept, jobs: jobs.map(({ jobId }) => jobId) };
};

it('says what would go, by age and by number, and removes nothing then', async () => {
  expect(await answered('--older-than', '90d', '--dry-run')).toEqual({
    removed: false,
    kept: 1,
    jobs: ended.slice(0, 2),
  });
  expect((await answered('--keep', '1', '--dry-run')).jobs).toEqual(ended.slice(0, 2));
  expect((await answered('--older-than', '90d', '--keep', '2', '--dry-run')).jobs).toEqual(ended.slice(0, 1));
  const { stdout } = await prune('--keep', '0', '--dry-run');
  expect(stdout).toMatch(/^3 jobs would be removed \([\d.]+ MB\), 0 stay\.$/m);
  for (const jobId of ended) expect((await ask(`${gateway.url}/api/jobs/${jobId}`)).status).toBe(200);
});

it('removes jobs for good, and no other', async () => {
  expect(await answered('--older-than', '90d', '--keep', '2')).toMatchObject({
    removed: true,
    jobs: [ended[0]],
  });
  expect((await ask(`${gateway.url}/api/jobs/${ended[0]}`)).body.code).toBe('job-unknown');
  const { body } = await ask(`${gateway.url}/api/jobs`);
  expect(body.jobs.map(({ jobId }: { jobId: string }) => jobId).sort()).toEqual(
    [ended[1], ended[2], running].sort(),
  );
  const left: string[] = [];
  for await (const { key } of stack.artifacts.list('')) left.push(key);
  expect(left.filter((key) => key.includes(ended[0]!))).toEqual([]);
  expect((await answered('--keep', '0')).jobs).toEqual(ended.slice(1));
  expect((await ask(`${gateway.url}/api/jobs/${running}`)).status).toBe(200);
});

it('asks for a rule', async () => {
  const { stderr, code } = (await prune()) as { stderr: string; code: number };
  expect([code, stderr]).toEqual([1, expect.stringMatching(/--older-than, --keep, or both/)]);
  expect((await post(`${gateway.url}/api/jobs/prune`, { dryRun: false })).body.code).toBe('request-invalid');
});
