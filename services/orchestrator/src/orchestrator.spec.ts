import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { archiveIndexKey, archiveKey, reduceStudy, eventOfLine, type StudyState } from '@onegin/contracts';
import { until } from '@onegin/service-kit/testing';
import { expectWhole } from './testing/expect-whole.ts';
import { TestBed } from './testing/test-bed.ts';

let bed: TestBed;
beforeEach(async () => {
  bed = await TestBed.start();
});
afterEach(() => bed.close());

describe('a study', () => {
  test('goes from the request to its archive', async () => {
    await bed.orchestrator({ plots: true });
    const trainer = await bed.trainer();
    const plotter = await bed.plotter();
    const jobId = await bed.request({ trials: 6, epochs: 3 });
    const state = await bed.ended(jobId);
    expect(state).toMatchObject({ status: 'completed', failure: null, warnings: [] });
    expect(state.counts.completed).toBe(6);
    expect(state.finalModel).toMatchObject({ status: 'completed', trial: state.best });
    expectWhole(state, await bed.events(jobId));
    expect(trainer.taken.map(({ target }) => target)).toEqual([0, 1, 2, 3, 4, 5, 'final']);
    expect(plotter.taken.filter(({ target }) => target !== 'study')).toHaveLength(6);
    expect(state.plots['study']).toMatchObject({ status: 'ready', trialsThen: 6 });

    await until(async () => (await bed.log.archivedAt(jobId)) !== null);
    const file = (key: string) => readFile(path.join(bed.folder, key), 'utf8');
    const { runName } = state.config;
    expect(JSON.parse(await file(archiveKey(runName, 'study.json')))).toEqual(
      JSON.parse(JSON.stringify(state)),
    );
    const lines = (await file(archiveKey(runName, 'log.ndjson'))).trimEnd().split('\n');
    const folded = lines.map(eventOfLine).reduce<StudyState | null>(reduceStudy, null);
    expect(folded).toEqual(state);
    expect(JSON.parse(await file(archiveIndexKey(jobId)))).toMatchObject({
      jobId,
      runName,
      status: 'completed',
    });
  });

  test('with the same seed on one trainer asks for the same trials', async () => {
    await bed.orchestrator();
    await bed.trainer();
    const request = { trials: 12, epochs: 2, seed: 7, sampler: 'tpe' as const };
    const first = await bed.ended(await bed.request(request));
    const second = await bed.ended(await bed.request(request));
    expect(second.trials.map(({ params, values }) => ({ params, values }))).toEqual(
      first.trials.map(({ params, values }) => ({ params, values })),
    );
    expect(new Set(first.trials.map(({ params }) => JSON.stringify(params))).size).toBeGreaterThan(6);
  });

  test('uses the slots that trainers offer, and no more than the request allows', async () => {
    await bed.orchestrator();
    const trainer = await bed.trainer({ slots: 6, epochMs: 40 });
    const mostAtOnce = async (request: { trials: number; parallelism?: number }) => {
      const events = await bed.events((await bed.ended(await bed.request({ epochs: 2, ...request }))).jobId);
      let running = 0;
      let most = 0;
      for (const { type } of events) {
        // The final model trains alone, after the last trial.
        if (type === 'TrainingStarted') most = Math.max(most, ++running);
        if (type === 'TrainingCompleted') running--;
      }
      return most;
    };
    expect(await mostAtOnce({ trials: 40 })).toBe(6);
    expect(await mostAtOnce({ trials: 6, parallelism: 2 })).toBe(2);
    expect(trainer.taken).toHaveLength(40 + 6 + 2);
  });

  test('starts more trials at once when a trainer comes', async () => {
    await bed.orchestrator({ reconcileMs: 60_000 });
    await bed.trainer({ epochMs: 1500 });
    const jobId = await bed.request({ trials: 4, epochs: 2 });
    await until(async () => (await bed.log.load(jobId))!.counts.running === 1);
    await bed.trainer({ epochMs: 1500 });
    await until(async () => (await bed.log.load(jobId))!.counts.running === 2);
    await bed.cancel(jobId);
    expect((await bed.ended(jobId)).trials[0]!.epochs.length).toBeLessThan(2);
  });

  test('pauses trials at their rungs and goes on with the best', async () => {
    await bed.orchestrator();
    await bed.trainer({ slots: 2 });
    const jobId = await bed.request({ trials: 9, epochs: 9, pruner: 'asha' });
    const state = await bed.ended(jobId);
    expect(state.status).toBe('completed');
    const events = await bed.events(jobId);
    expectWhole(state, events);
    expect(events.some(({ type }) => type === 'TrainingPaused')).toBe(true);
    expect(events.some(({ type }) => type === 'TrainingPromoted')).toBe(true);
    expect(state.counts.pruned).toBeGreaterThan(0);
    expect(state.counts.completed).toBeGreaterThan(0);
  });

  test('ends its search when its time is up, though nothing happens then', async () => {
    await bed.orchestrator({ reconcileMs: 60_000 });
    await bed.trainer({ epochMs: 100 });
    const jobId = await bed.request({ trials: 10_000, epochs: 1, timeLimitSeconds: 1 });
    const state = await bed.ended(jobId);
    expect(state.status).toBe('completed');
    expect(state.searchEndReason).toMatch(/time limit of 1 s/);
    expectWhole(state, await bed.events(jobId));
  });
});

describe('cancelling', () => {
  test('empties the queue, stops what runs, and says so', async () => {
    await bed.orchestrator({ reconcileMs: 60_000 });
    const trainer = await bed.trainer({ slots: 2, epochMs: 60_000 });
    await bed.trainer({ resource: 'gpu' });
    const jobId = await bed.request({ trials: 20, epochs: 2 });
    await until(async () => (await bed.log.load(jobId))!.counts.running === 2);
    await bed.cancel(jobId);
    const state = await bed.ended(jobId);
    expect(state.status).toBe('cancelled');
    expect(state.counts.cancelled).toBe(state.trials.length);
    expectWhole(state, await bed.events(jobId));
    await until(() => trainer.stopped.length === 2);
    await until(async () => (await bed.log.archivedAt(jobId)) !== null);
  });

  test('cancels the final model', async () => {
    await bed.orchestrator({ reconcileMs: 60_000 });
    const trainer = await bed.trainer({
      epochMs: 10,
      accuracy: (job) => (job.target === 'final' ? 0.5 : 0.9),
    });
    const jobId = await bed.request({ trials: 1, epochs: 400 });
    await until(async () => (await bed.log.load(jobId))!.finalModel?.status === 'running');
    await bed.cancel(jobId);
    const state = await bed.ended(jobId);
    expect(state.finalModel!.status).toBe('cancelled');
    await until(() => trainer.stopped.some(({ target }) => target === 'final'));
  });

  test('works before anything has started', async () => {
    const jobId = await bed.request({ trials: 3 });
    await bed.cancel(jobId);
    await bed.orchestrator();
    expect((await bed.ended(jobId)).status).toBe('cancelled');
  });
});

describe('failures of training', () => {
  test('are tried again, each attempt as a task of its own', async () => {
    await bed.orchestrator();
    const failed = new Set<string>();
    const trainer = await bed.trainer({
      accuracy: (job, epoch) => {
        if (job.target === 'final' || epoch !== 2 || failed.has(String(job.target))) return 0.8;
        failed.add(String(job.target));
        return new Error('the first attempt fails in its second epoch');
      },
    });
    const jobId = await bed.request({ trials: 3, epochs: 3 });
    const state = await bed.ended(jobId);
    expect(state.counts.completed).toBe(3);
    expect(state.trials.map(({ attempt, run, failures }) => [attempt, run, failures])).toEqual(
      Array(3).fill([2, 2, 1]),
    );
    expectWhole(state, await bed.events(jobId));
    expect(trainer.taken).toHaveLength(7);
  });

  test('end the job when nothing else comes of it, and the reason is told', async () => {
    await bed.orchestrator();
    await bed.trainer({ accuracy: () => Number.NaN });
    const jobId = await bed.request({ trials: 50, epochs: 2 });
    const state = await bed.ended(jobId);
    expect(state.status).toBe('failed');
    expect(state.failure).toMatchObject({ code: 'no-trial-completed' });
    expect(state.failure!.message).toMatch(/the accuracy is NaN/);
    expect(state.counts.failed).toBe(state.config.maxFailedInARow);
    expect(state.open).toEqual([]);
  });
});
