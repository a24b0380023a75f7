import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { StudyEvent } from '@onegin/contracts';
import { until } from '@onegin/service-kit/testing';
import { expectWhole } from './testing/expect-whole.ts';
import { TestBed } from './testing/test-bed.ts';

let bed: TestBed;
beforeEach(async () => {
  bed = await TestBed.start();
});
afterEach(() => bed.close());

const running = async (jobId: string): Promise<number> => (await bed.log.load(jobId))!.counts.running;

/** The most trials of one log, or of several, that ran at once; by the time that Redis gave each event. */
function mostAtOnce(logs: readonly (readonly StudyEvent[])[]): number {
  const steps = logs
    .flat()
    .flatMap(({ at, type }) =>
      type === 'TrainingStarted' ? [{ at, step: 1 }] : type === 'TrainingCompleted' ? [{ at, step: -1 }] : [],
    )
    .sort((a, b) => a.at - b.at || a.step - b.step);
  let now = 0;
  return steps.reduce((most, { step }) => Math.max(most, (now += step)), 0);
}

describe('jobs that share trainers', () => {
  test('a small one beside a large one has its half, and gives it back at its end', async () => {
    await bed.orchestrator();
    await bed.trainer({ slots: 8, epochMs: 30 });
    const large = await bed.request({ trials: 5000, epochs: 2 });
    await until(async () => (await running(large)) === 8);
    const small = await bed.request({ trials: 60, epochs: 2 });
    await until(async () => (await running(small)) >= 4);
    const ended = await bed.ended(small);
    expect(ended.status).toBe('completed');
    expectWhole(ended, await bed.events(small));
    // The large one goes on with all of the trainers, long before its own end.
    await until(async () => (await running(large)) === 8);
    expect((await bed.log.load(large))!.status).toBe('running');
    await bed.cancel(large);
    await bed.ended(large);
  });

  test('are served by their weights', async () => {
    await bed.orchestrator();
    await bed.trainer({ slots: 8, epochMs: 40 });
    const light = await bed.request({ trials: 5000, epochs: 2, weight: 1 });
    const heavy = await bed.request({ trials: 5000, epochs: 2, weight: 3 });
    // A few trials wait ahead, and who comes first begins with all: the shares settle as trials end.
    const finished = async (jobId: string) => (await bed.log.load(jobId))!.counts.completed;
    await until(async () => (await finished(heavy)) >= 40);
    const before = [await finished(light), await finished(heavy)] as const;
    await until(async () => (await finished(heavy)) >= before[1] + 60);
    const share = ((await finished(light)) - before[0]) / 60;
    expect(share).toBeGreaterThan(0.1);
    expect(share).toBeLessThan(0.75);
    await Promise.all([bed.cancel(light), bed.cancel(heavy)]);
    await Promise.all([bed.ended(light), bed.ended(heavy)]);
  });

  test('of another resource do not count', async () => {
    await bed.orchestrator();
    await bed.trainer({ slots: 4, epochMs: 200 });
    await bed.trainer({ slots: 2, epochMs: 200, resource: 'gpu' });
    const cpu = await bed.request({ trials: 500, epochs: 2 });
    const gpu = await bed.request({ trials: 500, epochs: 2, useGpu: true });
    await until(async () => (await running(cpu)) === 4 && (await running(gpu)) === 2);
    const starts = (await bed.events(gpu)).filter(({ type }) => type === 'TrainingQueued');
    expect(starts.every((event) => event.type === 'TrainingQueued' && event.resource === 'gpu')).toBe(true);
    await Promise.all([bed.cancel(cpu), bed.cancel(gpu)]);
    await Promise.all([bed.ended(cpu), bed.ended(gpu)]);
  });
});

test('a limit for all jobs together holds, whatever trainers offer', async () => {
  await bed.orchestrator({ maxCpuTrainings: 3 });
  await until(async () => (await bed.redis.blocking.hget('{onegin}:trials-cpu:meta', 'concurrency')) === '3');
  await bed.trainer({ slots: 8, epochMs: 300 });
  const jobs = await Promise.all([1, 2].map(() => bed.request({ trials: 6, epochs: 2 })));
  for (const jobId of jobs) expect((await bed.ended(jobId)).status).toBe('completed');
  expect(mostAtOnce(await Promise.all(jobs.map((jobId) => bed.events(jobId))))).toBe(3);
  expect(await bed.redis.blocking.hlen('onegin:demand')).toBe(0);
});
