/**
 * The request as a JSON Schema (draft 2020-12), as users may write it: what the API's documentation, the command
 * line and forms are made from, so that a field's name, range, default and explanation stand in one place.
 */
import * as z from 'zod';
import { optimizationRequestSchema } from './optimization-request.ts';
import { prunerNames } from './pruner-options.ts';

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** One field of the request. */
export interface RequestField {
  readonly name: string;
  readonly required: boolean;
  /** A plain sentence. */
  readonly description: string;
  /** `json` stands for objects, lists and unions. */
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'json';
  /** The allowed values, where there are few. */
  readonly choices: readonly string[] | null;
  /** Absent where there is none, or where it is drawn at random. */
  readonly default?: unknown;
}

/** The JSON Schema of a request as a user sends it. */
export function requestJsonSchema(): JsonSchema & { properties: Record<string, JsonSchema> } {
  const schema = z.toJSONSchema(optimizationRequestSchema, { io: 'input' });
  const properties = schema.properties as Record<string, JsonSchema>;
  for (const [name, property] of Object.entries(properties)) {
    const fixed = fixedDefault(optimizationRequestSchema.shape[name as never]);
    if (fixed === undefined) delete property.default;
    else property.default = fixed as JsonSchema['default'];
  }
  const { description, default: none, ...options } = properties['pruner']!;
  properties['pruner'] = {
    description,
    default: none,
    anyOf: [{ type: 'string', enum: [...prunerNames], description: 'A pruner with its defaults.' }, options],
  };
  return { ...schema, properties };
}

/** A default that is the same each time; one that is drawn at random is none to document. */
function fixedDefault(schema: z.ZodType): unknown {
  const [first, second] = [schema.safeParse(undefined), schema.safeParse(undefined)];
  if (!first.success || !second.success) return undefined;
  return JSON.stringify(first.data) === JSON.stringify(second.data) ? first.data : undefined;
}

/** The fields of a request in the order of the schema. */
export function requestFields(): RequestField[] {
  const { properties, required } = requestJsonSchema();
  return Object.entries(properties).map(([name, property]) => ({
    name,
    required: required?.includes(name) ?? false,
    description: property.description ?? '',
    type: simpleType(property),
    choices: choicesOf(property),
    ...(property.default !== undefined && { default: property.default }),
  }));
}

function simpleType({ type }: JsonSchema): RequestField['type'] {
  return type === 'string' || type === 'integer' || type === 'number' || type === 'boolean' ? type : 'json';
}

/** Also of a field that takes a name in place of an object. */
function choicesOf(property: JsonSchema): string[] | null {
  const names = property.enum ?? (property.anyOf?.[0] as JsonSchema | undefined)?.enum;
  return names ? names.map(String) : null;
}
