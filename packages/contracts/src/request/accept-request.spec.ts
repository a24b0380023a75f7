import { describe, expect, it } from '@jest/globals';
import { acceptRequest } from './accept-request.ts';
import { newJobId, newRunName } from './job-names.ts';
import { studyConfigSchema } from './study-config.ts';
import { jobIdSchema } from '../targets.ts';
import { OneginError } from '../validation.ts';

const datasets = [
  { name: 'digits', kind: 'image' },
  { name: 'mails', kind: 'text' },
] as const;

function refusal(input: unknown): OneginError {
  try {
    acceptRequest(input, datasets);
  } catch (error) {
    if (error instanceof OneginError) return error;
    throw error;
  }
  throw new Error('the request was accepted');
}

const fields = (input: unknown) => refusal(input).problems.map(({ field }) => field);

describe('accepting a request', () => {
  it('makes a study configuration with the network that the data asks for', () => {
    const images = acceptRequest({ dataset: 'digits' }, datasets);
    const texts = acceptRequest({ dataset: 'mails', network: 'lstm' }, datasets);
    expect([images.modelKind, texts.modelKind]).toEqual(['cnn', 'lstm']);
    expect(Object.keys(texts.space)).toContain('lstmUnits');
    expect(studyConfigSchema.parse(JSON.parse(JSON.stringify(images)))).toEqual(images);
  });

  it('names a dataset that is not there, and those that are', () => {
    const error = refusal({ dataset: 'digts' });
    expect(error.code).toBe('dataset-unknown');
    expect(error.problems).toEqual([
      { field: 'dataset', expected: 'expected one of digits, mails', found: 'digts' },
    ]);
  });

  it('refuses a network that cannot read the data', () => {
    expect(fields({ dataset: 'mails', network: 'cnn' })).toContain('network');
  });

  it('names every wrong field at once, in ranges and in enqueued parameters too', () => {
    const wrong = {
      dataset: 'digits',
      network: 'lstm',
      searchSpace: { lstmUnits: null, filters: { type: 'int', low: 0, high: 8 } },
      enqueue: [{ filters: 16 }, { filters: 0.5, kind: 'lstm' }, { colour: 'red' }],
    };
    expect(fields(wrong)).toEqual([
      'network',
      'enqueue[1].filters',
      'enqueue[1].kind',
      'enqueue[2].colour',
      'searchSpace.lstmUnits',
      'searchSpace.filters.low',
    ]);
  });

  it('refuses stop rules and pruners that the objectives of the mode do not fit', () => {
    const target = { rule: 'target', values: [0.9] };
    const regret = { rule: 'regret-bound', tolerance: 0.01 };
    const stop = { rule: 'any', rules: [target, { rule: 'all', rules: [regret] }] };
    const watched = { name: 'threshold', upper: 1, objective: 1 };
    const wrapped = { name: 'patient', wrapped: watched };
    expect(fields({ dataset: 'digits', mode: 'pareto', pruner: watched, stop })).toEqual([
      'pruner.objective',
      'stop.rules[0].values',
      'stop.rules[1].rules[0].rule',
    ]);
    expect(fields({ dataset: 'digits', network: 'lstm', pruner: wrapped, stop })).toEqual([
      'network',
      'pruner.wrapped.objective',
    ]);
    expect(acceptRequest({ dataset: 'digits', mode: 'health', stop }, datasets).request.stop).toBeDefined();
  });

  it('lets standard conditions follow narrowed parameters', () => {
    const spaceOf = (searchSpace: object) =>
      acceptRequest({ dataset: 'digits', searchSpace }, datasets).space;
    expect(spaceOf({ denseLayers: { type: 'int', low: 0, high: 0 } })).not.toHaveProperty('denseUnits');
    const one = spaceOf({ denseLayers: { type: 'int', low: 0, high: 1 } });
    expect(one['denseUnits']!.when).toEqual({ param: 'denseLayers', in: [1] });
    expect(spaceOf({ denseLayers: null })['denseUnits']).not.toHaveProperty('when');
    const adam = spaceOf({ optimizer: { type: 'categorical', choices: ['adam'] } });
    expect(Object.keys(adam)).not.toEqual(expect.arrayContaining(['momentum']));
    expect(
      fields({
        dataset: 'digits',
        searchSpace: {
          denseLayers: { type: 'int', low: 0, high: 1 },
          denseUnits: { type: 'int', low: 8, high: 16, when: { param: 'denseLayers', in: [2] } },
        },
      }),
    ).toEqual(['searchSpace.denseUnits.when.in[0]']);
  });

  it.each([null, 7, 'digits', [], {}])('refuses %p', (input) => {
    expect(refusal(input).code).toBe('request-invalid');
  });
});

describe('names of jobs', () => {
  it('are valid ids, not numbers, and differ', () => {
    const ids = Array.from({ length: 2000 }, newJobId);
    expect(new Set(ids).size).toBe(2000);
    for (const id of ids) {
      expect(jobIdSchema.parse(id)).toBe(id);
      expect(id).toMatch(/^[a-z]/);
    }
  });

  it.each([
    ['Ärger & Spaß!', 'arger-spa_'],
    ['..//..', 'digits_'],
    ['数字', 'digits_'],
    ['x'.repeat(120), `${'x'.repeat(48)}_`],
  ])('make a safe folder name of %p', (name, start) => {
    const runName = newRunName(
      { name, dataset: 'digits', mode: 'health' },
      newJobId(),
      new Date(Date.UTC(2026, 10, 23, 17, 4, 5)),
    );
    expect(studyConfigSchema.shape.runName.parse(runName).startsWith(start)).toBe(true);
    expect(runName).toContain('_health_20261123-170405_');
  });
});
