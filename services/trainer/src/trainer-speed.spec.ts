import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { listHeartbeats, sendControl } from '@onegin/service-kit';
import { until } from '@onegin/service-kit/testing';
import { TrainerBench } from './testing/trainer-bench.ts';

jest.setTimeout(300_000);

/** Few batches a second, and many. */
const heavy = { filters: 16, denseUnits: 64, poolSize: 2, batchSize: 512, learningRate: 0.01 };
const light = { filters: 4, denseUnits: 8, poolSize: 4, batchSize: 32, learningRate: 0.01 };

let bench: TrainerBench;
beforeAll(async () => {
  bench = await TrainerBench.open();
});
afterAll(async () => {
  await bench.killTrainers();
  await bench.close();
});

const trainerOf = async (jobId: string) => (await bench.log.load(jobId))!.trials[0]!.trainer;
const idle = (id: string) =>
  until(async () => {
    const heartbeats = await listHeartbeats(bench.redis.failFast);
    const own = heartbeats.find((heartbeat) => heartbeat.id === id);
    return own !== undefined && own.current.length === 0 && (own.speed ?? 0) > 0;
  });

it('trials go to the faster trainer that is idle, and to the slow one while that is at work', async () => {
  const slow = await bench.trainer({ TRAINER_ID: 'slow', TRAINER_HEARTBEAT: '200ms' });
  const held = await bench.trial(heavy, { epochs: 200 });
  await bench.until(held.jobId, 'EpochEnded');
  await bench.trainer({ TRAINER_ID: 'fast', TRAINER_HEARTBEAT: '200ms' });
  const first = await bench.trial(light, { epochs: 1 });
  await bench.until(first.jobId, 'TrainingCompleted');
  await bench.append(held.jobId, { type: 'TrainingCancelled', target: 0 });
  await sendControl(bench.redis.failFast, { jobId: held.jobId, target: 0, action: 'cancel' });

  for (let i = 0; i < 3; i++) {
    await Promise.all([idle('slow'), idle('fast')]);
    const next = await bench.trial(light, { epochs: 1 });
    await bench.until(next.jobId, 'TrainingCompleted');
    expect(await trainerOf(next.jobId)).toBe('fast');
  }
  // The slow one had waited longer at least once, and left the trial to the other.
  expect(bench.said(slow)).toContain('left to a faster trainer');

  await Promise.all([idle('slow'), idle('fast')]);
  const both = [await bench.trial(light, { epochs: 100 }), await bench.trial(light, { epochs: 100 })];
  for (const { jobId } of both) await bench.until(jobId, 'TrainingStarted');
  expect((await Promise.all(both.map(({ jobId }) => trainerOf(jobId)))).sort()).toEqual(['fast', 'slow']);
});
