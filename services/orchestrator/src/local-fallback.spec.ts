import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StudyEvent } from '@onegin/contracts';
import { listHeartbeats } from '@onegin/service-kit';
import { until } from '@onegin/service-kit/testing';
import { TestBed } from './testing/test-bed.ts';

let bed: TestBed;
let datasets: string;
beforeEach(async () => {
  bed = await TestBed.start();
  datasets = await mkdtemp(path.join(tmpdir(), 'onegin-fallback-'));
});
afterEach(async () => {
  await bed.close();
  await rm(datasets, { recursive: true, force: true });
});

const small = { filters: 4, denseUnits: 8, poolSize: 4, batchSize: 256, learningRate: 0.01 };
const codesOf = (events: readonly StudyEvent[]) =>
  events.flatMap((event) => (event.type === 'Warning' ? [event.code] : []));
const codes = async (jobId: string) => codesOf(await bed.events(jobId));

describe('where no trainer is reachable', () => {
  test('the orchestrator’s machine trains, says so, and stops when a trainer is there', async () => {
    const settings = { LOCAL_FALLBACK_AFTER: '1s', DATASETS_DIR: datasets, TRAINER_THREADS: '1' };
    await bed.orchestratorProcess(settings);
    const jobId = await bed.request({ dataset: 'mnist-10k', trials: 40, epochs: 1, enqueue: [small] });
    await until(async () => (await codes(jobId)).includes('local-fallback'));
    const local = (trainers: Awaited<ReturnType<typeof listHeartbeats>>) =>
      trainers.filter(({ fallback }) => fallback);
    await until(async () =>
      local(await listHeartbeats(bed.redis.failFast)).some(({ current }) => current.length > 0),
    );
    await until(async () => (await bed.events(jobId)).some(({ type }) => type === 'EpochEnded'));

    await bed.trainer({ epochMs: 10 });
    await until(async () => (await codes(jobId)).includes('local-fallback-ended'));
    await until(async () => local(await listHeartbeats(bed.redis.failFast)).length === 0);
    expect(await bed.ended(jobId)).toMatchObject({ status: 'completed', counts: { completed: 40 } });
    expect(await codes(jobId)).toEqual(['local-fallback', 'local-fallback-ended']);
  }, 180_000);
});
