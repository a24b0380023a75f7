import { describe, expect, it } from '@jest/globals';
import {
  cnnModelConfigSchema,
  lstmModelConfigSchema,
  modelConfigExamples,
  modelConfigFromParams,
  modelConfigSchema,
  modelParameterNames,
} from './model-config.ts';
import { standardSpace } from './standard-space.ts';
import { searchSpaceSchema, type Params, type SearchSpace } from './search-space.ts';
import * as z from 'zod';

const corner = (space: SearchSpace, pick: 'low' | 'high'): Params =>
  Object.fromEntries(
    Object.entries(space).map(([name, parameter]) => [
      name,
      parameter.type === 'categorical' ? parameter.choices.at(pick === 'low' ? 0 : -1)! : parameter[pick],
    ]),
  );

describe('modelConfigFromParams', () => {
  it.each(['cnn', 'lstm'] as const)('fills a whole %s from nothing', (kind) => {
    const config = modelConfigFromParams(kind, {});
    expect(Object.keys(config).sort()).toEqual(['kind', ...modelParameterNames(kind)].sort());
  });

  it('keeps what is given and names what it does not know', () => {
    expect(modelConfigFromParams('cnn', { filters: 8 })).toMatchObject({ kind: 'cnn', filters: 8 });
    expect(() => modelConfigFromParams('cnn', { fliters: 8 })).toThrow(/fliters/);
    expect(() => modelConfigFromParams('cnn', { lstmUnits: 8 })).toThrow(/lstmUnits/);
    expect(() => modelConfigFromParams('lstm', { dropout: 1, batchSize: 0 })).toThrow(
      /dropout[^]*batchSize|batchSize[^]*dropout/,
    );
  });

  it('cannot be talked into another kind', () => {
    expect(modelConfigFromParams('cnn', { kind: 'lstm' }).kind).toBe('cnn');
  });

  it.each(modelConfigExamples.map((config, i) => [i, config] as const))(
    'accepts example %i',
    (_i, config) => {
      expect(modelConfigSchema.parse(config)).toEqual(config);
    },
  );
});

describe('standardSpace', () => {
  it.each(['cnn', 'lstm'] as const)('%s: is a valid space whose corners build a model', (kind) => {
    const space = standardSpace(kind);
    expect(searchSpaceSchema.parse(space)).toEqual(space);
    for (const pick of ['low', 'high'] as const)
      expect(modelConfigFromParams(kind, corner(space, pick))).toMatchObject(corner(space, pick));
  });

  it.each(['cnn', 'lstm'] as const)('%s: explains every parameter in one sentence', (kind) => {
    for (const parameter of Object.values(standardSpace(kind)))
      expect(parameter.explanation).toMatch(/^[A-Z].*\.$/);
  });

  it.each([
    ['cnn', cnnModelConfigSchema],
    ['lstm', lstmModelConfigSchema],
  ] as const)('%s: gives every model parameter a default', (_kind, schema) => {
    for (const [name, field] of Object.entries(schema.shape))
      if (name !== 'kind') expect([name, field instanceof z.ZodDefault]).toEqual([name, true]);
  });
});
