import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { append, trialEvents } from '../../../services/gateway/src/testing/play-study.ts';
import {
  post,
  startTestStack,
  type TestGateway,
  type TestStack,
} from '../../../services/gateway/src/testing/test-gateway.ts';

const BIN = join(import.meta.dirname, '../bin/onegin.js');
const NAME = 'events.out.tfevents.1700000000.onegin';

let stack: TestStack;
let gateway: TestGateway;
let folder: string;

beforeAll(async () => {
  stack = await startTestStack();
  gateway = await stack.startGateway();
  folder = await mkdtemp(join(tmpdir(), 'onegin-tensorboard-'));
});
afterAll(async () => {
  await stack.remove();
  await rm(folder, { recursive: true, force: true });
});

/** The command as a user types it. */
async function onegin(args: readonly string[], path = ''): Promise<{ status: number | null; out: string }> {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: { PATH: `${path}:${dirname(process.execPath)}`, ONEGIN_URL: gateway.url },
  });
  let out = '';
  child.stdout.on('data', (data) => (out += String(data)));
  child.stderr.on('data', (data) => (out += String(data)));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, out };
}

/** A job with two completed trials, one of which has left its event file, and one that runs. */
async function jobWithEvents(): Promise<string> {
  const { jobId, runName } = (await post(`${gateway.url}/api/optimize`, { dataset: 'digits' })).body;
  const events = await stack.artifacts.put(
    `optimization_results/${runName}/trials/trial_0/attempt_1/tensorboard/${NAME}`,
    Buffer.from('scalars and histograms'),
    { kind: 'tensorboard', contentType: 'application/octet-stream' },
  );
  await append(stack.log, jobId, [
    { type: 'JobStarted' },
    ...trialEvents(jobId, 0, { artifacts: [events] }),
    ...trialEvents(jobId, 1),
    ...trialEvents(jobId, 2).slice(0, 2),
  ]);
  return jobId;
}

describe('onegin tensorboard', () => {
  it('3.5: fetches the event files of a job, a folder for each trial, and says how to see them', async () => {
    const jobId = await jobWithEvents();
    const { status, out } = await onegin(['tensorboard', jobId, '--out', 'board']);
    expect(out).toContain('tensorboard --logdir board --port 6006');
    expect(status).toBe(0);
    expect(await readdir(join(folder, 'board'))).toEqual(['trial_0']);
    expect(await readFile(join(folder, 'board/trial_0', NAME), 'utf8')).toBe('scalars and histograms');
    const again = await onegin(['tensorboard', jobId, '--json']);
    const told = JSON.parse(again.out) as { folder: string; trials: number[]; command: string[] };
    expect(told.folder).toMatch(/^digits_.*-tensorboard$/);
    expect(told).toMatchObject({
      trials: [0],
      command: ['tensorboard', '--logdir', told.folder, '--port', '6006'],
    });
  });

  it('3.5: starts TensorBoard where it is installed, and says how to install it where not', async () => {
    const jobId = await jobWithEvents();
    const missing = await onegin(['tensorboard', jobId, '--out', 'board', '--start']);
    expect([missing.status, missing.out]).toEqual([1, expect.stringContaining('pip install tensorboard')]);
    // A stand-in for TensorBoard, which needs Python: says what it was told, and ends as it likes.
    const bin = await mkdtemp(join(folder, 'bin-'));
    await writeFile(join(bin, 'tensorboard'), '#!/bin/sh\necho "started with $*"\nexit 3\n', { mode: 0o755 });
    const started = await onegin(['tensorboard', jobId, '--out', 'board', '--start', '--port', '7007'], bin);
    expect(started.out).toContain('started with --logdir board --port 7007');
    expect(started.status).toBe(3);
  });

  it('3.5: says what is missing', async () => {
    const { jobId } = (await post(`${gateway.url}/api/optimize`, { dataset: 'digits' })).body;
    const early = await onegin(['tensorboard', jobId]);
    expect([early.status, early.out]).toEqual([1, expect.stringContaining('has left an event file yet')]);
    const unknown = await onegin(['tensorboard', 'nosuchjob']);
    expect([unknown.status, unknown.out.trim()]).toEqual([1, 'there is no job "nosuchjob"']);
    const port = await onegin(['tensorboard', jobId, '--port', 'x']);
    expect([port.status, port.out]).toEqual([1, expect.stringContaining('expected a whole number')]);
  });
});
