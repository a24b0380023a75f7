import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { optimizationRequestSchema, type JobSummary } from '@onegin/contracts';
import { freePort } from '@onegin/service-kit/testing';
import {
  append,
  finalEvents,
  storeFinalModel,
  trialEvents,
} from '../../../services/gateway/src/testing/play-study.ts';
import {
  startTestStack,
  until,
  type TestGateway,
  type TestStack,
} from '../../../services/gateway/src/testing/test-gateway.ts';
import { flagOf } from './request-options.ts';

const BIN = join(import.meta.dirname, '../bin/onegin.js');

let stack: TestStack;
let gateway: TestGateway;
let folder: string;

beforeAll(async () => {
  stack = await startTestStack();
  gateway = await stack.startGateway();
  folder = await mkdtemp(join(tmpdir(), 'onegin-cli-'));
});

afterAll(async () => {
  await stack.remove();
  await rm(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout(): string;
  stderr(): string;
}

/** The command as a user types it, in a folder of its own. */
function onegin(args: readonly string[], url = gateway.url): Run {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ONEGIN_URL: url },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data) => (stdout += String(data)));
  child.stderr.on('data', (data) => (stderr += String(data)));
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

async function finished(args: readonly string[], url?: string) {
  const run = onegin(args, url);
  const status = await run.ended;
  return { status, stdout: run.stdout(), stderr: run.stderr() };
}

const START = ['optimize', '--dataset', 'digits', '--trials', '3', '--epochs', '2', '--seed', '1'];

const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

async function startJob(...more: string[]): Promise<string> {
  const { status, stdout } = await finished([...START, '--no-watch', '--json', ...more]);
  expect(status).toBe(0);
  return (JSON.parse(stdout) as { jobId: string }).jobId;
}

/** What the services would do until the job is completed. */
async function completeJob(jobId: string): Promise<Buffer> {
  const [requested] = await stack.log.read(jobId, 0);
  if (requested?.type !== 'JobRequested') throw new Error('the job was not requested');
  const { file, artifacts } = await storeFinalModel(stack.artifacts, requested.config, 300_000);
  await append(stack.log, jobId, [{ type: 'JobStarted' }, ...trialEvents(jobId, 0, { accuracy: 0.8 })]);
  await append(stack.log, jobId, [...trialEvents(jobId, 1, { accuracy: 0.97 }), ...finalEvents(artifacts)]);
  return file;
}

describe('onegin optimize', () => {
  it('starts a job with every field of the request', async () => {
    const space = join(folder, 'space.json');
    await writeFile(space, JSON.stringify({ filters: null }));
    const jobId = await startJob(
      ...[
        '--mode',
        'pareto',
        '--pruner',
        'asha',
        '--search-space',
        `@${space}`,
        '--use-gpu',
        '--name',
        'my digits',
      ],
      ...['--enqueue', '[{"denseLayers":1}]', '--time-limit-seconds', '60.5', '--parallelism', '4'],
    );
    const [event] = await stack.log.read(jobId, 0);
    expect(event).toMatchObject({
      type: 'JobRequested',
      config: {
        request: {
          dataset: 'digits',
          trials: 3,
          epochs: 2,
          seed: 1,
          mode: 'pareto',
          pruner: { name: 'asha', reduction: 3 },
          searchSpace: { filters: null },
          useGpu: true,
          name: 'my digits',
          enqueue: [{ denseLayers: 1 }],
          timeLimitSeconds: 60.5,
          parallelism: 4,
        },
      },
    });
  });

  it('explains every field of the request', async () => {
    const { stdout } = await finished(['optimize', '--help']);
    const shape = optimizationRequestSchema.shape;
    for (const [name, schema] of Object.entries(shape)) {
      expect(stdout).toContain(`${flagOf(name)} `);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(schema.description!);
    }
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('are tried. Default: 50.');
  });

  it('shows a job line by line until it is completed', async () => {
    const run = onegin(START);
    await until(() => /^job \w+/m.test(run.stdout()), 'the job is accepted');
    const [, jobId] = /^job (\w+)/m.exec(run.stdout())!;
    await completeJob(jobId!);
    expect(await run.ended).toBe(0);
    const text = run.stdout();
    expect(text).toContain('trial 1: epoch 2/2, validation accuracy');
    expect(text).toContain('trial 1: completed, accuracy 0.970');
    expect(text).toContain('Best trial: 1, accuracy 0.970');
    expect(text).toContain(`onegin download ${jobId}`);
    expect(run.stderr()).toBe('');
  });

  it('tells programs every event once, also when the gateway is restarted in between', async () => {
    const port = await freePort();
    let own = await stack.startGateway({ port });
    const run = onegin([...START, '--trials', '40', '--json'], own.url);
    await until(() => run.stdout().includes('JobRequested'), 'the first event is told');
    const { jobId } = lines(run.stdout())[0] as { jobId: string };
    await append(stack.log, jobId, [{ type: 'JobStarted' }]);
    const writing = (async () => {
      for (let n = 0; n < 40; n++) {
        await append(stack.log, jobId, trialEvents(jobId, n));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    await until(() => run.stdout().includes('TrainingCompleted'), 'a trial is told');
    await own.close();
    own = await stack.startGateway({ port });
    await writing;
    await append(stack.log, jobId, [{ type: 'SearchEnded', reason: 'enough' }, { type: 'JobCompleted' }]);
    expect(await run.ended).toBe(0);
    const told = lines(run.stdout());
    expect(told[0]).toMatchObject({ type: 'accepted', jobId });
    expect(told.slice(1, -1)).toEqual(await stack.log.read(jobId, 0));
    const { job } = told.at(-1) as { job: JobSummary };
    expect(job).toMatchObject({ jobId, status: 'completed', progress: { completedTrials: 40 } });
    await own.close();
  });

  it('ends with status 1 when the job fails, and says why', async () => {
    const run = onegin(START);
    await until(() => /^job \w+/m.test(run.stdout()), 'the job is accepted');
    const [, jobId] = /^job (\w+)/m.exec(run.stdout())!;
    await append(stack.log, jobId!, [
      { type: 'JobStarted' },
      { type: 'JobFailed', code: 'no-trial-completed', message: 'every trial failed' },
    ]);
    expect(await run.ended).toBe(1);
    expect(run.stdout()).toContain('every trial failed (no-trial-completed)');
  });

  it('lets the job go on after Ctrl-C, and says how to come back', async () => {
    const run = onegin(START);
    await until(() => /^job \w+/m.test(run.stdout()), 'the job is accepted');
    const [, jobId] = /^job (\w+)/m.exec(run.stdout())!;
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(130);
    expect(run.stderr()).toContain(`onegin watch ${jobId}`);
    expect((await stack.log.load(jobId!))!.cancelRequested).toBe(false);
    await completeJob(jobId!);
    const again = await finished(['watch', jobId!]);
    expect([again.status, again.stdout.includes('Best trial: 1')]).toEqual([0, true]);
  });

  it('names every wrong field and ends with status 1', async () => {
    const { status, stdout, stderr } = await finished([
      'optimize',
      ...['--dataset', 'digits', '--trials', '0', '--mode', 'fast', '--search-space', '{"colour":null}'],
    ]);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('trials: expected a number of at least 1, found 0');
    expect(stderr).toContain('mode: expected one of');
  });

  it('refuses what it cannot read with a word that helps', async () => {
    const mistakes: [args: string[], words: string][] = [
      [['optimize'], '--dataset'],
      [[...START, '--trials', 'many'], 'expected a number'],
      [[...START, '--enqueue', '{'], 'expected JSON'],
      [[...START, '--search-space', '@/nowhere.json'], 'cannot read /nowhere.json'],
      [['optimise'], 'Did you mean optimize?'],
      [['jobs', '--limit', 'x'], 'expected a whole number'],
      [['jobs', '--url', 'here'], 'expected an address'],
    ];
    const runs = await Promise.all(mistakes.map(([args]) => finished(args)));
    runs.forEach(({ status, stdout, stderr }, i) => {
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toContain(mistakes[i]![1]);
    });
  });
});

describe('the other commands', () => {
  it('say what to type when nothing answers', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const commands = [['jobs'], ['cancel', 'abcdef'], START];
    for (const { status, stderr } of await Promise.all(commands.map((args) => finished(args, url)))) {
      expect(status).toBe(1);
      expect(stderr).toContain(`cannot reach Onegin at ${url}: nothing listens there`);
      expect(stderr).toContain('npx onegin up');
      expect(stderr).not.toContain('    at ');
    }
  });

  it('jobs and datasets list what there is, as text and as JSON', async () => {
    const jobId = await startJob('--name', 'listed');
    const text = (await finished(['jobs'])).stdout;
    expect(text).toMatch(new RegExp(`^${jobId} +queued +0/3 .*digits \\(listed\\)`, 'm'));
    const json = JSON.parse((await finished(['jobs', '--json', '--limit', '1'])).stdout) as {
      jobs: JobSummary[];
    };
    expect(json.jobs.map((job) => job.jobId)).toEqual([jobId]);
    const datasets = (await finished(['datasets'])).stdout;
    expect(datasets).toMatch(/^digits +image/m);
    expect(JSON.parse((await finished(['datasets', '--json'])).stdout).datasets).toHaveLength(2);
  });

  it('cancel cancels, and watch ends with status 1 then', async () => {
    const jobId = await startJob();
    const watching = onegin(['watch', jobId]);
    const { status, stdout } = await finished(['cancel', jobId, '--json']);
    expect([status, (JSON.parse(stdout) as { cancelRequested: boolean }).cancelRequested]).toEqual([0, true]);
    await append(stack.log, jobId, [{ type: 'JobCancelled' }]);
    expect(await watching.ended).toBe(1);
    expect(watching.stdout()).toContain('cancelled');
  });

  it('download saves the model whole, under its own name or another', async () => {
    const jobId = await startJob();
    const early = await finished(['download', jobId]);
    expect([early.status, early.stderr]).toEqual([
      1,
      expect.stringContaining(`job ${jobId} has no model yet`),
    ]);
    const file = await completeJob(jobId);
    const { status, stdout } = await finished(['download', jobId, '--json']);
    const { path, bytes } = JSON.parse(stdout) as { path: string; bytes: number };
    expect([status, bytes]).toEqual([0, file.length]);
    expect(path).toMatch(/^digits_health_\d{8}-\d{6}_\w+\.keras$/);
    expect((await readFile(join(folder, path))).equals(file)).toBe(true);
    expect((await finished(['download', jobId, '--out', 'mine.keras'])).status).toBe(0);
    expect(existsSync(join(folder, 'mine.keras'))).toBe(true);
    const nowhere = await finished(['download', jobId, '--out', 'no/such/folder.keras']);
    expect([nowhere.status, nowhere.stderr]).toEqual([
      1,
      expect.stringContaining('cannot save no/such/folder.keras'),
    ]);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('an unknown job is named', async () => {
    const commands = ['watch', 'cancel', 'download'];
    for (const { status, stderr } of await Promise.all(commands.map((name) => finished([name, 'nosuchjob']))))
      expect([status, stderr.trim()]).toEqual([1, 'there is no job "nosuchjob"']);
  });
});

describe('bin/onegin.js', () => {
  it('is plain JavaScript that an old Node can start', async () => {
    const text = await readFile(BIN, 'utf8');
    expect(text.startsWith('#!/usr/bin/env node\n')).toBe(true);
    expect(text).not.toMatch(/^import .*from '\.\.?\//m);
  });
});
