import { describe, expect, it } from '@jest/globals';
import { optimizationRequestSchema, type DatasetListing } from '@onegin/contracts';
import {
  draftOf,
  parameterRows,
  problemsOf,
  problemsUnder,
  withDataset,
  withField,
  withParameter,
} from './draft.ts';

const dataset = (name: string, kind: 'image' | 'text'): DatasetListing => ({
  name,
  title: name,
  description: name,
  kind,
  shape: kind === 'image' ? [28, 28, 1] : [100],
  classes: ['a', 'b'],
  sizes: { train: 1000, validation: 100, test: 100 },
  licence: 'none',
  synthetic: false,
  bundled: true,
  downloads: [],
  ready: true,
});
const datasets = [dataset('digits', 'image'), dataset('clothes', 'image'), dataset('mails', 'text')];

describe('a draft (4.1)', () => {
  it('lacks what has its default, and takes a default back', () => {
    const draft = withField(withField({ dataset: 'digits' }, 'trials', 7), 'name', '');
    expect(draft).toEqual({ dataset: 'digits', trials: 7 });
    expect(withField(draft, 'trials', null)).toEqual({ dataset: 'digits' });
  });

  it('is judged by the code that the gateway judges with, every wrong field at once', () => {
    expect(problemsOf({ dataset: '' }, datasets).map(({ field }) => field)).toEqual(['dataset']);
    expect(problemsOf({ dataset: 'digits' }, datasets)).toEqual([]);
    const wrong = problemsOf({ dataset: 'digits', trials: 0, epochs: 1.5 }, datasets);
    expect(wrong.map(({ field }) => field).sort()).toEqual(['epochs', 'trials']);
    const range = withParameter({ dataset: 'digits' }, 'learningRate', { type: 'float', low: 1, high: 0.1 });
    const found = problemsUnder(problemsOf(range, datasets), 'searchSpace.learningRate');
    expect(found).toHaveLength(1);
    expect(found[0]?.expected).toContain('at least low (1)');
  });

  it('keeps ranges when the next dataset has the same kind, and drops them when not', () => {
    const draft = withParameter({ dataset: 'digits', trials: 9 }, 'dropout', null);
    expect(withDataset(draft, 'clothes', datasets)).toEqual({
      dataset: 'clothes',
      trials: 9,
      searchSpace: { dropout: null },
    });
    expect(withDataset(draft, 'mails', datasets)).toEqual({ dataset: 'mails', trials: 9 });
  });

  it('lists the parameters of the kind, changed, left out, or standard', () => {
    const draft = withParameter(withParameter({ dataset: 'digits' }, 'dropout', null), 'convLayers', {
      type: 'int',
      low: 2,
      high: 2,
    });
    const rows = parameterRows(draft, datasets[0]!);
    const row = (name: string) => rows.find((one) => one.name === name);
    expect(row('dropout')).toMatchObject({ chosen: null, isChanged: true });
    expect(row('convLayers')).toMatchObject({ chosen: { low: 2, high: 2 }, isChanged: true });
    expect(row('filters')).toMatchObject({ isChanged: false });
    expect(row('filters')?.chosen).toEqual(row('filters')?.standard);
    expect(parameterRows(draft, datasets[2]!).some(({ name }) => name === 'lstmUnits')).toBe(true);
  });

  it('of another job asks for the same again', () => {
    const request = optimizationRequestSchema.parse({ dataset: 'mails', trials: 5, pruner: 'asha', seed: 3 });
    const draft = draftOf(request);
    expect(Object.keys(draft).sort()).toEqual(['dataset', 'pruner', 'seed', 'trials']);
    expect(optimizationRequestSchema.parse(draft)).toEqual(request);
  });
});
