/** Upgrades of a fleet that has work: from 0.1 after draining it, and from version to version while it runs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createArtifactStore } from '@onegin/artifacts';
import type { StudyEvent } from '@onegin/contracts';
import { freePort, startRedisServer, until, type RedisServer } from '@onegin/service-kit/testing';
import type { StackOptions } from 'onegin/up';
import { serviceSpecs } from '../../packages/cli/src/up/services.ts';
import { logFaults } from '../support/check-log.ts';
import { Onegin, smallCnn } from '../support/onegin.ts';
import { makeNextBuild } from './next-build.ts';
import { JOBS, restoreArtifacts, restoreRedis } from './version-0.1.ts';

jest.setTimeout(600_000);
const WITHIN_MS = 300_000;

let redis: RedisServer;
let artifacts: string;
const running: Onegin[] = [];

beforeAll(async () => {
  redis = await startRedisServer();
  artifacts = await mkdtemp(path.join(tmpdir(), 'onegin-artifacts-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((onegin) => onegin.stop()));
});
afterAll(async () => {
  await redis.remove();
  await rm(artifacts, { recursive: true, force: true });
});

/** The services of a build on the shared Redis and artifact store. @param build its folder; absent: this one */
async function start(build?: string): Promise<Onegin> {
  const stack: Partial<StackOptions> = { redisUrl: redis.url, artifacts: { directory: artifacts } };
  if (build !== undefined) {
    const port = await freePort();
    const specs = await serviceSpecs({
      host: '127.0.0.1',
      port,
      trainers: 1,
      redisUrl: redis.url,
      artifacts: { directory: artifacts },
      datasetsDir: path.join(artifacts, 'datasets'),
      env: { ...process.env, NODE_OPTIONS: '' },
      healthPort: () => freePort(),
    });
    stack.port = port;
    stack.services = () =>
      specs.map((spec) => ({
        ...spec,
        args: spec.args.map((arg) => arg.replace(path.join(import.meta.dirname, '../..'), build)),
        env: { ...spec.env, ...(spec.env['TRAINER_ID'] && { TRAINER_ID: `next-${spec.env['TRAINER_ID']}` }) },
      }));
  }
  const store = await createArtifactStore({ directory: artifacts });
  const onegin = await Onegin.start({ trainers: 1, stack, store });
  running.push(onegin);
  return onegin;
}

async function stop(onegin: Onegin): Promise<void> {
  running.splice(running.indexOf(onegin), 1);
  await onegin.stop();
}

const request = { dataset: 'mnist-10k', searchSpace: smallCnn, seed: 5, epochs: 4 } as const;

/** The log as a gateway tells it, events included that this version doesn't know. */
async function told(onegin: Onegin, jobId: string): Promise<StudyEvent[]> {
  const { body } = await onegin.bytes(`jobs/${jobId}/log`);
  return body
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as StudyEvent);
}
const warned = ({ lines }: Onegin, words: RegExp): number => lines.filter((line) => words.test(line)).length;

const toldOf = async (onegin: Onegin, jobId: string, type: string): Promise<StudyEvent[]> =>
  (await told(onegin, jobId)).filter((event) => (event.type as string) === type);
const isTold = (onegin: Onegin, jobId: string, type: string) =>
  until(async () => (await toldOf(onegin, jobId, type)).length > 0, 200);

/** Faults of the log without the event that this version doesn't know. */
async function faultsOf(onegin: Onegin, jobId: string): Promise<string[]> {
  const known = (await told(onegin, jobId)).filter(({ type }) => (type as string) !== 'TrainingNoted');
  return logFaults(known.map((event, i) => ({ ...event, seq: i + 1 })));
}

describe('from 0.1', () => {
  it('a fleet that was drained goes on where it was, and what had ended is still there', async () => {
    await restoreRedis(redis.url);
    restoreArtifacts(artifacts);
    const onegin = await start();
    const before = await onegin.events(JOBS.open);
    const events = await onegin.ended(JOBS.open, WITHIN_MS);
    expect(events.slice(0, 32)).toEqual(before.slice(0, 32));
    expect(logFaults(events)).toEqual([]);
    expect(await onegin.job(JOBS.open)).toMatchObject({ status: 'completed', failure: null });
    // Both trials that had been released went on from their checkpoints, in a second attempt.
    for (const target of [2, 3]) {
      const attempts = events.flatMap((event) =>
        event.type === 'TrainingStarted' && event.target === target ? [event.attempt] : [],
      );
      expect(attempts).toEqual([1, 2]);
    }
    expect(onegin.lines.filter((line) => /cannot be read|newer version/.test(line))).toEqual([]);
    for (const [status, jobId] of [
      ['completed', JOBS.completed],
      ['cancelled', JOBS.cancelled],
    ] as const) {
      expect(await onegin.job(jobId)).toMatchObject({ status });
      expect(logFaults(await onegin.events(jobId))).toEqual([]);
    }
  });
});

describe('from this version to the next', () => {
  let next: string;
  beforeAll(async () => {
    next = await makeNextBuild();
  });
  afterAll(() => rm(next, { recursive: true, force: true }));

  it('works while both run, and writes the new event when the last old service is gone', async () => {
    const old = await start();
    const jobId = await old.optimize({ ...request, trials: 8 });
    await isTold(old, jobId, 'EpochEnded');
    const newer = await start(next);
    const byNext = (event: StudyEvent) => event.type === 'EpochEnded' && 'mood' in event.summary;
    await until(async () => (await told(old, jobId)).filter(byNext).length > 1, 200);
    // The old gateway keeps the field that it doesn't know, and nobody has written what it couldn't read.
    expect(await toldOf(old, jobId, 'TrainingNoted')).toEqual([]);
    expect(warned(old, /newer version|is not valid/)).toBe(0);
    await stop(old);
    await isTold(newer, jobId, 'TrainingNoted');
    await isTold(newer, jobId, 'JobCompleted');
    expect(await faultsOf(newer, jobId)).toEqual([]);
  });

  it('goes back: what the old ones cannot read waits for the new ones, with one warning', async () => {
    const newer = await start(next);
    const jobId = await newer.optimize({ ...request, trials: 6 });
    await isTold(newer, jobId, 'TrainingNoted');
    await stop(newer);

    const old = await start();
    await expect(old.job(jobId)).rejects.toThrow(/409.*newer-version/);
    // What it understands goes on.
    const own = await old.optimize({ ...request, trials: 1 });
    expect((await old.ended(own, WITHIN_MS)).at(-1)!.type).toBe('JobCompleted');
    await until(() => warned(old, new RegExp(`orchestrator.*${jobId}.*newer version`)) > 0, 200);
    await stop(old);
    expect(warned(old, new RegExp(`orchestrator.*${jobId}.*newer version`))).toBe(1);

    const again = await start(next);
    await isTold(again, jobId, 'JobCompleted');
    expect(await faultsOf(again, jobId)).toEqual([]);
  });
});
