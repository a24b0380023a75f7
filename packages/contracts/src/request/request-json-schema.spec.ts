import { describe, expect, it } from '@jest/globals';
import { optimizationRequestSchema } from './optimization-request.ts';
import { prunerNames } from './pruner-options.ts';
import { requestFields, requestJsonSchema } from './request-json-schema.ts';

describe('the request as a JSON Schema', () => {
  it('has every field of the schema with its explanation', () => {
    expect(requestFields().map(({ name }) => name)).toEqual(Object.keys(optimizationRequestSchema.shape));
    expect(requestFields().filter(({ description }) => description.length < 10)).toEqual([]);
  });

  it('says the defaults that the schema fills in, and none that is drawn at random', () => {
    const parsed = optimizationRequestSchema.parse({ dataset: 'x' }) as Record<string, unknown>;
    for (const field of requestFields()) {
      if (field.name === 'seed' || field.name === 'dataset') expect(field).not.toHaveProperty('default');
      else expect([field.name, field.default]).toEqual([field.name, parsed[field.name]]);
    }
  });

  it('lets a pruner be named alone', () => {
    const { pruner } = requestJsonSchema().properties;
    expect(pruner!.anyOf![0]).toMatchObject({ type: 'string', enum: [...prunerNames] });
  });
});
