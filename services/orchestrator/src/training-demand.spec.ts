import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { StudyLog, TypedQueue } from '@onegin/service-kit';
import { until } from '@onegin/service-kit/testing';
import type { Queues } from './effects.ts';
import { scalePage } from './scale-page.ts';
import { TestBed } from './testing/test-bed.ts';
import type { Limits } from './demand.ts';
import { DemandReader } from './training-demand.ts';

let bed: TestBed;
let queues: Queues;
beforeAll(async () => {
  bed = await TestBed.start();
  const { blocking } = bed.redis;
  queues = {
    studies: new TypedQueue('studies', blocking),
    'trials-cpu': new TypedQueue('trials-cpu', blocking),
    'trials-gpu': new TypedQueue('trials-gpu', blocking),
    plots: new TypedQueue('plots', blocking),
  };
});
afterEach(() => bed.redis.blocking.flushall());
afterAll(async () => {
  await Promise.all(Object.values(queues).map((queue) => queue.close()));
  await bed.close();
});

/** A fresh reader each time: none remembers what the one before has read. */
const demand = (limits: Limits = {}) => new DemandReader(bed.log, queues, limits).read();
const plotsOf = (jobId: string) => ({ jobId, runName: `run-${jobId}`, target: 'study' as const, run: 1 });

describe('demand', () => {
  test('of a study without any trainer is its parallelism, though one task waits', async () => {
    const orchestrator = await bed.orchestrator();
    const jobId = await bed.request({ trials: 9, parallelism: 5, epochs: 1 });
    await until(async () => (await queues['trials-cpu'].depth()).waiting === 1);
    expect(await demand()).toEqual({ cpu: 5, gpu: 0, plots: 0 });

    await bed.cancel(jobId);
    await until(async () => (await bed.status(jobId)) === 'cancelled');
    expect(await demand()).toEqual({ cpu: 0, gpu: 0, plots: 0 });
    await orchestrator.close();
  });

  test('is summed over studies, per resource', async () => {
    await bed.request({ trials: 3, parallelism: 2 });
    await bed.request({ trials: 1, parallelism: 8 });
    await bed.request({ trials: 20, parallelism: 4, useGpu: true });
    expect(await demand()).toEqual({ cpu: 3, gpu: 4, plots: 0 });
  });

  test('is no more than the operator lets all jobs train at once, unless more runs still', async () => {
    await bed.request({ trials: 20, parallelism: 8 });
    expect(await demand({ cpu: 3 })).toMatchObject({ cpu: 3, gpu: 0 });
    expect(await demand({ cpu: 30 })).toMatchObject({ cpu: 8 });

    const orchestrator = await bed.orchestrator();
    const trainers = await Promise.all([1, 2].map(() => bed.trainer({ epochMs: 60_000 })));
    await until(async () => (await queues['trials-cpu'].depth()).active === 2);
    expect(await demand({ cpu: 1 })).toMatchObject({ cpu: 2 });
    await Promise.all(trainers.map((trainer) => trainer.close()));
    await orchestrator.close();
  });

  test('counts tasks that are delayed from the moment they are due', async () => {
    await queues.plots.add(plotsOf('job-now'), { id: 'now' });
    await queues.plots.add(plotsOf('job-soon'), { id: 'soon', delayMs: 300 });
    await queues.plots.add(plotsOf('job-later'), { id: 'later', delayMs: 3_600_000 });
    expect(await queues.plots.depth()).toEqual({ waiting: 1, delayed: 2, active: 0 });
    // No worker runs, so the task stays delayed when its time has come.
    await until(async () => (await demand()).plots === 2);
    expect((await queues.plots.depth()).delayed).toBe(2);
  });
});

describe('the page /scale', () => {
  const read = () => Promise.resolve({ cpu: 7, gpu: 2, plots: 1 });
  const page = async (query: string) => {
    const { status, body } = await scalePage(new URLSearchParams(query), read);
    return [status, JSON.parse(body) as unknown];
  };

  test('says the demand, or what of it is above what an earlier pool takes', async () => {
    expect(await page('')).toEqual([200, { cpu: { demand: 7 }, gpu: { demand: 2 }, plots: { demand: 1 } }]);
    expect(await page('above=4')).toEqual([
      200,
      { cpu: { demand: 3 }, gpu: { demand: 0 }, plots: { demand: 0 } },
    ]);
    expect((await page('above=many'))[0]).toBe(400);
  });

  test('gives no number while Redis is unreachable', async () => {
    const reader = new DemandReader(new StudyLog(bed.redis.failFast), queues);
    await bed.server.stop();
    try {
      expect(await scalePage(new URLSearchParams(), () => reader.read())).toMatchObject({ status: 503 });
    } finally {
      await bed.server.restart();
    }
  });
});
