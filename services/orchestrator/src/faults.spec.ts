import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { rename, writeFile } from 'node:fs/promises';
import { statusMessage, trialJobId, type StudyState } from '@onegin/contracts';
import { redisKeys, StudyLog, TypedQueue } from '@onegin/service-kit';
import { until } from '@onegin/service-kit/testing';
import { advanceStudy, type AdvanceParts } from './advance-study.ts';
import { Effects } from './effects.ts';
import type { Demand } from './demand.ts';
import { LostTrainers } from './lost-trainers.ts';
import { OpenStudies } from './open-studies.ts';
import { SamplerPool } from './sampling/sampler-pool.ts';
import { expectWhole } from './testing/expect-whole.ts';
import { TestBed } from './testing/test-bed.ts';

let bed: TestBed;
beforeEach(async () => {
  bed = await TestBed.start();
});
afterEach(() => bed.close());

const state = async (jobId: string): Promise<StudyState> => (await bed.log.load(jobId))!;
const reaches = (jobId: string, completed: number) =>
  until(async () => (await state(jobId)).counts.completed >= completed, 5);

async function expectCompleted(jobId: string, trials: number): Promise<StudyState> {
  const ended = await bed.ended(jobId);
  expect(ended).toMatchObject({ status: 'completed', failure: null });
  expect(ended.counts.completed).toBe(trials);
  expectWhole(ended, await bed.events(jobId));
  return ended;
}

describe('several replicas', () => {
  test('advance the same study and decide everything once', async () => {
    await bed.orchestrator();
    await bed.orchestrator();
    await bed.orchestrator();
    await bed.trainer({ slots: 8, epochMs: 2 });
    const jobs = [await bed.request({ trials: 60, epochs: 3 }), await bed.request({ trials: 60, epochs: 3 })];
    for (const jobId of jobs) {
      const ended = await expectCompleted(jobId, 60);
      expect(ended.warnings).toEqual([]);
    }
  });

  test('one that decides from an old state is superseded', async () => {
    const jobId = await bed.request({ trials: 2 });
    const old = await state(jobId);
    const first = await bed.log.append(jobId, [{ type: 'JobStarted' }], { decidedFrom: old.seq });
    expect(first.refusals).toEqual([null]);
    const other = new StudyLog(bed.redis.open('other'));
    const failed = { type: 'JobFailed', code: 'internal', message: 'decided too late' } as const;
    expect((await other.append(jobId, [failed], { decidedFrom: old.seq })).superseded).toBe(true);
    expect((await state(jobId)).status).toBe('running');
  });
});

describe('an orchestrator process', () => {
  test('that is killed again and again costs time, nothing else', async () => {
    await bed.trainer({ slots: 3, epochMs: 10 });
    const jobId = await bed.request({ trials: 40, epochs: 2 });
    for (const completed of [5, 15, 25]) {
      const { child, exited } = await bed.orchestratorProcess();
      await reaches(jobId, completed);
      child.kill('SIGKILL');
      await exited;
    }
    await bed.orchestratorProcess();
    await expectCompleted(jobId, 40);
  });

  test('ends on SIGTERM with what it does done', async () => {
    await bed.trainer({ epochMs: 10 });
    const jobId = await bed.request({ trials: 20, epochs: 1 });
    const { child, lines, exited } = await bed.orchestratorProcess();
    await reaches(jobId, 3);
    child.kill('SIGTERM');
    await exited;
    expect(child.exitCode).toBe(0);
    expect(lines.at(-1)!.msg).toBe('ended');
    expect(lines.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });

  test('waits for a Redis that is not there, and says so', async () => {
    await bed.server.stop();
    const { lines } = await bed.orchestratorProcess();
    await until(() => lines.some(({ msg }) => /Redis cannot be reached, waiting/.test(msg)));
    await bed.server.restart();
    await until(() => lines.some(({ msg }) => msg === 'ready'));
    await bed.trainer();
    await expectCompleted(await bed.request({ trials: 3, epochs: 1 }), 3);
  });
});

describe('Redis', () => {
  test('restarted in the middle: the study goes on, and nothing counts twice', async () => {
    await bed.orchestrator();
    await bed.trainer({ slots: 3, epochMs: 10 });
    const jobId = await bed.request({ trials: 40, epochs: 2 });
    for (const completed of [5, 20]) {
      await reaches(jobId, completed);
      await bed.server.stop();
      await bed.server.restart();
    }
    await expectCompleted(jobId, 40);
  });

  test('killed in the middle: it may forget its last second, and the study still comes to its end', async () => {
    await bed.orchestrator();
    await bed.trainer({ slots: 3, epochMs: 10, lockMs: 500 });
    const jobId = await bed.request({ trials: 40, epochs: 2 });
    for (const completed of [5, 20]) {
      await reaches(jobId, completed);
      await bed.server.kill();
      await bed.server.restart();
    }
    await expectCompleted(jobId, 40);
  });

  test('forgot the end of a log: the study is reread and goes on from there', async () => {
    await bed.orchestrator();
    const slow = await bed.trainer({ epochMs: 60_000 });
    const jobId = await bed.request({ trials: 3, epochs: 1 });
    await until(async () => (await state(jobId)).counts.running === 1);
    // What an append-only file that lost its last second leaves: log and records are an older state.
    const { redis } = bed;
    await redis.blocking.xdel(redisKeys.log(jobId), '4-0');
    await redis.blocking.call('XSETID', redisKeys.log(jobId), '3-0');
    await redis.blocking.hset(redisKeys.trials(jobId), 'seq', '3', 'trial:0', 'queued:0:0', 'decided', '3');
    await slow.close();
    await bed.trainer();
    await expectCompleted(jobId, 3);
  });
});

describe('tasks', () => {
  test('that vanished are queued again', async () => {
    await bed.orchestrator();
    const jobId = await bed.request({ trials: 4, epochs: 1 });
    const queue = new TypedQueue('trials-cpu', bed.redis.blocking);
    const task = trialJobId(jobId, 0, 1);
    await until(async () => (await queue.state(task)) === 'waiting');
    await queue.remove(task);
    expect(await queue.state(task)).toBe('absent');
    await until(async () => (await queue.state(task)) === 'waiting');
    await bed.trainer();
    await expectCompleted(jobId, 4);
  });

  test('of a running trial: another trainer is asked', async () => {
    await bed.orchestrator();
    const lost = await bed.trainer({ epochMs: 60_000, lockMs: 60_000 });
    const jobId = await bed.request({ trials: 2, epochs: 1 });
    await until(async () => (await state(jobId)).counts.running === 1);
    await lost.close();
    const keys = await bed.redis.blocking.keys('{onegin}:trials-cpu:*');
    await bed.redis.blocking.del(keys);
    await bed.trainer();
    const ended = await expectCompleted(jobId, 2);
    expect(ended.trials[0]).toMatchObject({ attempt: 2, run: 2, reason: 'its task was lost' });
  });

  test('of a trainer that died are given to another, though no trainer was left to see it', async () => {
    await bed.orchestrator();
    const dying = await bed.trainer({ epochMs: 60_000, lockMs: 60_000 });
    const jobId = await bed.request({ trials: 2, epochs: 1 });
    await until(async () => (await state(jobId)).counts.running === 1);
    await dying.close();
    // Its lock runs out.
    await bed.redis.blocking.del(`{onegin}:trials-cpu:${trialJobId(jobId, 0, 1)}:lock`);
    const queue = new TypedQueue('trials-cpu', bed.redis.blocking);
    await until(async () => (await queue.state(trialJobId(jobId, 0, 1))) === 'waiting');
    await bed.trainer();
    const ended = await expectCompleted(jobId, 2);
    expect(ended.trials[0]).toMatchObject({ attempt: 2, run: 1 });
  });
});

describe('a trainer that is lost', () => {
  test('leaves a trial that is shown as waiting, with the reason, long before its lock has run out', async () => {
    await bed.orchestrator();
    const dying = await bed.trainer({ epochMs: 60_000, lockMs: 60_000 });
    const jobId = await bed.request({ trials: 2, epochs: 1 });
    await until(async () => (await state(jobId)).counts.running === 1);
    // Its heartbeat goes with it; its task stays locked for a minute.
    await dying.close();
    await until(async () => (await state(jobId)).counts.running === 0);
    const waiting = await state(jobId);
    expect(waiting.trials[0]).toMatchObject({ status: 'queued', lost: 1, trainer: null });
    expect(waiting.trials[0]!.reason).toBe(`${dying.id} stopped responding`);
    expect(statusMessage(waiting)).toMatch(/^Waiting for a trainer/);
  });

  test('again and again over one trial ends the trial, and the study goes on', async () => {
    await bed.orchestrator();
    const jobId = await bed.request({ trials: 3, epochs: 1 });
    await until(async () => (await state(jobId)).counts.queued === 1);
    const { maxLost } = (await state(jobId)).config;
    for (let attempt = 1; attempt <= maxLost; attempt++)
      await bed.log.append(jobId, [
        { type: 'TrainingStarted', target: 0, attempt, trainer: 'gone', engine: 'none', device: 'cpu' },
        { type: 'TrainingInterrupted', target: 0, attempt, reason: 'gone fell silent' },
      ]);
    await until(async () => (await state(jobId)).counts.failed === 1);
    expect((await state(jobId)).trials[0]!.failure).toMatchObject({
      code: 'trainer-lost',
      message: `${maxLost} trainers were lost in the middle of it, the last time: gone fell silent`,
    });
    const trainer = await bed.trainer();
    const ended = await bed.ended(jobId);
    expect(ended).toMatchObject({ status: 'completed', counts: { completed: 2, failed: 1 } });
    expect(trainer.taken.map(({ target }) => target)).not.toContain(0);
    expectWhole(ended, await bed.events(jobId));
  });
});

describe('the archive', () => {
  test('waits for a store that cannot be written to', async () => {
    await bed.orchestrator();
    await bed.trainer();
    await rename(bed.folder, `${bed.folder}-away`);
    await writeFile(bed.folder, 'a file where the folder was');
    const jobId = await bed.request({ trials: 2, epochs: 1 });
    await bed.ended(jobId);
    expect(await bed.log.archivedAt(jobId)).toBeNull();
    await rename(bed.folder, `${bed.folder}-file`);
    await rename(`${bed.folder}-away`, bed.folder);
    await until(async () => (await bed.log.archivedAt(jobId)) !== null);
    await rename(`${bed.folder}-file`, `${bed.folder}/leftover`);
  });

  test('is all that is left of a study after its time in Redis', async () => {
    await bed.orchestrator({ retentionMs: 300 });
    await bed.trainer();
    const jobId = await bed.request({ trials: 2, epochs: 1 });
    await until(async () => (await bed.status(jobId)) === 'completed');
    await until(async () => (await bed.log.load(jobId)) === null);
    expect(await bed.log.jobs(10)).toEqual([]);
    const keys: string[] = [];
    for await (const { key } of bed.store.list('optimization_results/')) keys.push(key);
    expect(keys.map((key) => key.split('/').at(-1))).toEqual([`${jobId}.json`, 'log.ndjson', 'study.json']);
  });
});

describe('a study that cannot be advanced', () => {
  test('says why, and ends as failed instead of standing still', async () => {
    const { log, logger, store, studies, redis } = bed;
    const jobId = await bed.request({ trials: 2, epochs: 1 });
    const queues = {
      studies,
      'trials-cpu': new TypedQueue('trials-cpu', redis.blocking),
      'trials-gpu': new TypedQueue('trials-gpu', redis.blocking),
      plots: new TypedQueue('plots', redis.blocking),
    };
    const parts: AdvanceParts = {
      log,
      logger,
      store,
      queues,
      studies: new OpenStudies(log, new SamplerPool()),
      effects: new Effects(queues, redis.blocking),
      demand: {
        capacityFor: () => Promise.reject(new Error('a defect')),
        withdraw: () => Promise.resolve(),
      } as unknown as Demand,
      lostTrainers: new LostTrainers(),
      plots: false,
      compareEveryMs: 1000,
      wakeAt: () => undefined,
      leave: () => undefined,
    };
    for (let i = 0; i < 5; i++) await expect(advanceStudy(jobId, parts)).rejects.toThrow('a defect');
    expect(await state(jobId)).toMatchObject({
      status: 'failed',
      failure: { code: 'internal', message: 'the study could not be advanced: a defect' },
      warnings: [{ code: 'advance-failed', message: 'a defect' }],
    });
  });
});
