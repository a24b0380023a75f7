import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { optimize, type OptimizationRequestInput, type StudyEvent } from './index.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'onegin-optimize-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

/** Networks so small that a trial takes seconds on any engine. */
const small: OptimizationRequestInput = {
  dataset: 'mnist-10k',
  mode: 'health',
  trials: 2,
  epochs: 1,
  seed: 7,
  searchSpace: {
    convLayers: { type: 'int', low: 1, high: 1 },
    filters: { type: 'int', low: 8, high: 8 },
    kernelSize: { type: 'categorical', choices: [3] },
    denseLayers: { type: 'int', low: 0, high: 0 },
    batchSize: { type: 'categorical', choices: [128] },
  },
};

describe('optimize() in a program', () => {
  it('runs a real study and leaves a model that is a .keras file', async () => {
    const events: StudyEvent[] = [];
    const { best, trials, model, state } = await optimize(small, { dataDir, onEvent: (e) => events.push(e) });
    expect([state.status, state.failure]).toEqual(['completed', null]);
    expect(trials.map(({ status }) => status)).toEqual(['completed', 'completed']);
    expect(best!.accuracy).toBe(Math.max(...trials.map(({ accuracy }) => accuracy!)));
    expect(best!.accuracy).toBeGreaterThan(0.7);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    const epochs = events.flatMap((event) => (event.type === 'EpochEnded' ? [event.target] : []));
    expect(epochs).toEqual([0, 1, 'final']);
    const path = join(dataDir, 'digits.keras');
    await model!.save(path);
    const file = await readFile(path);
    expect(file.subarray(0, 2).toString()).toBe('PK');
    expect(file.includes('model.weights.h5')).toBe(true);
  }, 240_000);

  it('stops when it is aborted, and returns what was reached', async () => {
    const stop = new AbortController();
    const { state, model } = await optimize(
      { ...small, trials: 50 },
      {
        dataDir,
        signal: stop.signal,
        onEvent: ({ type }) => type === 'TrainingStarted' && stop.abort(),
      },
    );
    expect([state.status, model]).toEqual(['cancelled', null]);
    expect(state.trials.map(({ status }) => status)).toEqual(['cancelled']);
  }, 240_000);

  it('refuses a wrong request before anything is done, naming every field', async () => {
    const wrong = { ...small, trials: -1, colour: 'red' } as OptimizationRequestInput;
    await expect(optimize(wrong, { dataDir })).rejects.toMatchObject({
      code: 'request-invalid',
      problems: [expect.objectContaining({ field: 'trials' }), expect.objectContaining({ field: 'colour' })],
    });
    const stop = { rule: 'target' as const, values: [0.9, 0.5] };
    const pruner = { name: 'threshold', upper: 1, objective: 2 } as const;
    await expect(optimize({ ...small, stop, pruner }, { dataDir })).rejects.toMatchObject({
      name: 'OneginError',
      code: 'request-invalid',
      problems: [
        expect.objectContaining({ field: 'pruner.objective' }),
        expect.objectContaining({ field: 'stop.values' }),
      ],
    });
    await expect(optimize({ dataset: 'nothing' }, { dataDir })).rejects.toMatchObject({
      code: 'dataset-unknown',
    });
  });

  it('says when its folder cannot be written', async () => {
    const file = join(dataDir, 'a-file');
    await writeFile(file, '');
    await expect(optimize(small, { dataDir: file })).rejects.toMatchObject({
      code: expect.stringMatching(/^storage-/),
    });
  });
});
