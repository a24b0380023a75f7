import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { unzipSync } from 'fflate';
import { parse } from 'yaml';
import type { StudyEvent, TrialDetail } from '@onegin/contracts';
import { artifactFaults, logFaults } from '../support/check-log.ts';
import { Onegin, smallCnn } from '../support/onegin.ts';

jest.setTimeout(240_000);

const WITHIN_MS = 200_000;
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

describe('one study, from request to model', () => {
  let onegin: Onegin;
  beforeAll(async () => {
    onegin = await Onegin.start({ trainers: 1 });
  });
  afterAll(() => onegin.stop());

  const trials = (jobId: string) => onegin.ask<{ trials: TrialDetail[] }>(`jobs/${jobId}/trials`);
  /** What must not depend on the clock. */
  const measured = (events: readonly StudyEvent[]) =>
    events.flatMap((event): unknown[] => {
      if (event.type === 'TrainingQueued') return [{ params: event.params, seed: event.seed }];
      if (event.type === 'EpochEnded') {
        const { seconds: _s, samplesPerSecond: _p, ...summary } = event.summary;
        return [summary];
      }
      if (event.type === 'TrainingCompleted') {
        const { seconds: _s, health, ...result } = event.result;
        const { millisecondsPerSample: _m, ...metrics } = health;
        return [{ ...result, metrics }];
      }
      return [];
    });

  it('optimizes digits, draws charts, leaves a model, and repeats with its seed', async () => {
    const request = {
      dataset: 'mnist-10k',
      mode: 'health',
      trials: 3,
      epochs: 2,
      seed: 1,
      searchSpace: smallCnn,
    } as const;
    const jobId = await onegin.optimize(request);
    const events = await onegin.ended(jobId, WITHIN_MS);
    expect(logFaults(events)).toEqual([]);
    expect(await artifactFaults(events, onegin.store)).toEqual([]);
    const job = await onegin.job(jobId);
    expect(job).toMatchObject({
      status: 'completed',
      progress: { completedTrials: 3, totalTrials: 3 },
      failure: null,
    });
    expect(job.bestTrial!.accuracy).toBeGreaterThan(0.8);
    expect((await trials(jobId)).trials).toHaveLength(3);

    for (const plot of [
      'trials/0/plots/training-history',
      'trials/2/plots/confusion-matrix',
      'plots/optimization-history',
    ]) {
      const svg = await onegin.bytes(`jobs/${jobId}/${plot}.svg`);
      expect(svg.type).toMatch('image/svg+xml');
      expect(svg.body.toString()).toMatch(/^<svg/);
      const png = await onegin.bytes(`jobs/${jobId}/${plot}.png`);
      expect(png.body.subarray(0, 4)).toEqual(PNG);
    }

    const keras = await onegin.bytes(`download/${jobId}`);
    expect(keras.disposition).toMatch(/attachment; filename=.*\.keras/);
    expect(Object.keys(unzipSync(keras.body)).sort()).toEqual([
      'config.json',
      'metadata.json',
      'model.weights.h5',
    ]);
    const artifacts = events.flatMap((event) =>
      event.type === 'TrainingCompleted' && event.target === 'final' ? event.artifacts : [],
    );
    const yaml = artifacts.find(({ kind }) => kind === 'hyperparameters')!;
    const fields = Object.keys(parse((await onegin.store.get(yaml)).toString()) as object);
    expect(fields[fields.indexOf('use_global_pooling') + 1]).toBe('use_flattening');

    const again = await onegin.ended(await onegin.optimize(request), WITHIN_MS);
    expect(measured(again)).toEqual(measured(events));
  });

  it('optimizes a filter for real mails', async () => {
    const jobId = await onegin.optimize({
      dataset: 'spam-assassin',
      trials: 1,
      epochs: 1,
      seed: 1,
      searchSpace: {
        sequenceLength: { type: 'int', low: 30, high: 30 },
        lstmUnits: { type: 'int', low: 16, high: 16 },
        lstmLayers: null,
        batchSize: { type: 'categorical', choices: [128] },
        learningRate: { type: 'float', low: 0.005, high: 0.01 },
      },
    });
    const events = await onegin.ended(jobId, WITHIN_MS);
    expect(logFaults(events)).toEqual([]);
    expect((await onegin.job(jobId)).status).toBe('completed');
  });

  it('names every wrong field of a request', async () => {
    const response = await fetch(`${onegin.stack.address}/api/optimize`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ dataset: 'mnist-11k', trials: 0, mode: 'luck' }),
    });
    expect(response.status).toBe(400);
    const problem = (await response.json()) as { errors: { field: string }[] };
    expect(problem.errors.map(({ field }) => field)).toEqual(expect.arrayContaining(['trials', 'mode']));
  });

  it('fails a job of impossible networks with the reason', async () => {
    const jobId = await onegin.optimize({
      dataset: 'mnist-10k',
      trials: 2,
      epochs: 1,
      searchSpace: {
        convLayers: { type: 'int', low: 8, high: 8 },
        poolSize: { type: 'int', low: 4, high: 4 },
      },
    });
    await onegin.ended(jobId, WITHIN_MS);
    const job = await onegin.job(jobId);
    expect(job).toMatchObject({ status: 'failed', failure: { code: 'no-trial-completed' } });
  });

  it('cancels within seconds', async () => {
    const jobId = await onegin.optimize({
      dataset: 'mnist-10k',
      trials: 5,
      epochs: 100,
      searchSpace: smallCnn,
    });
    await onegin.until(jobId, (events) => events.some(({ type }) => type === 'EpochEnded'), WITHIN_MS);
    const asked = Date.now();
    await onegin.ask(`jobs/${jobId}/cancel`, { method: 'POST' });
    const events = await onegin.ended(jobId, 5000);
    expect(events.at(-1)!.type).toBe('JobCancelled');
    expect(events.at(-1)!.at - asked).toBeLessThan(5000);
    expect(logFaults(events)).toEqual([]);
  });
});
