import { describe, expect, it } from '@jest/globals';
import { optimizationRequestExamples, optimizationRequestSchema } from './optimization-request.ts';
import { makeStudyConfig } from './study-config.ts';
import type { OneginError } from '../validation.ts';
import { parseOrThrow } from '../validation.ts';

const problemsOf = (input: unknown) => {
  try {
    parseOrThrow(optimizationRequestSchema, input, 'the request');
    return [];
  } catch (error) {
    return (error as OneginError).problems.map(
      ({ field, expected, found }) => `${field}: ${expected}, found ${found}`,
    );
  }
};

const studyProblems = (input: object) => {
  try {
    makeStudyConfig(optimizationRequestSchema.parse({ dataset: 'mnist-10k', ...input }), {
      jobId: 'job-example',
      runName: 'run-example',
      modelKind: 'cnn',
    });
    return [];
  } catch (error) {
    return (error as OneginError).problems.map(({ field }) => field);
  }
};

describe('optimizationRequestSchema', () => {
  it.each(optimizationRequestExamples)('accepts example %#', (example) => {
    expect(problemsOf(example)).toEqual([]);
  });

  it('lists every wrong field with what was expected and found', () => {
    expect(problemsOf({ mode: 'best', trials: 0, epochs: 'many', trails: 3, parallelism: NaN })).toEqual([
      'dataset: expected string, found nothing',
      'mode: expected one of "simple", "health", "pareto", found "best"',
      'trials: expected a number of at least 1, found 0',
      'epochs: expected number, found "many"',
      'parallelism: expected number, found NaN',
      'trails: expected no field of this name, found 3',
    ]);
  });

  it('takes a pruner by its name alone', () => {
    expect(optimizationRequestSchema.parse({ dataset: 'x', pruner: 'asha' }).pruner).toMatchObject({
      name: 'asha',
    });
    expect(problemsOf({ dataset: 'x', pruner: 'chainsaw' })[0]).toMatch(/^pruner\.name: expected .*median/);
  });

  it('draws a seed when none is given', () => {
    const seeds = new Set(
      Array.from({ length: 5 }, () => optimizationRequestSchema.parse({ dataset: 'x' }).seed),
    );
    expect(seeds.size).toBeGreaterThan(1);
  });
});

describe('makeStudyConfig', () => {
  it('takes overrides, drops what is null and keeps conditions', () => {
    const request = optimizationRequestSchema.parse({
      dataset: 'mnist-10k',
      searchSpace: {
        optimizer: null,
        learningRate: { type: 'float', low: 0.001, high: 0.01, log: true },
        padding: { type: 'categorical', choices: ['same', 'valid'] },
      },
    });
    const { space } = makeStudyConfig(request, {
      jobId: 'job-example',
      runName: 'run-example',
      modelKind: 'cnn',
    });
    expect(space).not.toHaveProperty('optimizer');
    expect(space['learningRate']).toMatchObject({ low: 0.001, high: 0.01 });
    expect(space['padding']).toEqual({ type: 'categorical', choices: ['same', 'valid'] });
    expect(space['momentum']?.when).toBeUndefined();
  });

  it('names overrides that the network cannot have', () => {
    expect(studyProblems({ searchSpace: { wheels: { type: 'int', low: 1, high: 4 } } })).toEqual([
      'searchSpace.wheels',
    ]);
    expect(studyProblems({ searchSpace: { dropout: { type: 'float', low: 0, high: 2 } } })).toEqual([
      'searchSpace.dropout.high',
    ]);
    expect(studyProblems({ enqueue: [{ filters: 8 }, { filters: -1, wheels: 4 }] })).toEqual([
      'enqueue[1].filters',
      'enqueue[1].wheels',
    ]);
  });
});
