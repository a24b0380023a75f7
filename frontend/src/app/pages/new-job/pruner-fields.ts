/** The options of a pruner as fields of a form, from the request's own schema: names, defaults, explanations. */
import { requestJsonSchema, type PrunerOptionsInput } from '@onegin/contracts';
import { withEntry } from './draft.ts';

export interface PrunerField {
  readonly name: string;
  /** `min steps` of `minSteps`. */
  readonly label: string;
  readonly explanation: string;
  /** Allowed words; null: a number. */
  readonly choices: readonly string[] | null;
  readonly isWhole: boolean;
  readonly default: string | number | null;
}

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly default?: string | number;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

const inWords = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Of each pruner its options, but for those that hold another pruner. */
const fieldsByPruner: ReadonlyMap<string, readonly PrunerField[]> = (() => {
  const { anyOf = [] } = requestJsonSchema().properties['pruner'] as Schema;
  const objects = anyOf.flatMap(({ oneOf = [] }) => oneOf);
  return new Map(
    objects.map(({ properties = {} }) => {
      const { name, ...options } = properties;
      return [String(name?.const), Object.entries(options).flatMap(([key, schema]) => fieldOf(key, schema))];
    }),
  );
})();

function fieldOf(name: string, schema: Schema): PrunerField[] {
  const isNumber = schema.type === 'integer' || schema.type === 'number';
  if (!isNumber && !schema.enum) return [];
  return [
    {
      name,
      label: inWords(name),
      explanation: schema.description ?? '',
      choices: schema.enum ?? null,
      isWhole: schema.type === 'integer',
      default: schema.default ?? null,
    },
  ];
}

export const prunerFields = (pruner: string): readonly PrunerField[] => fieldsByPruner.get(pruner) ?? [];

/** The pruner's options with one set; null and an empty text mean its default. */
export function withOption(pruner: PrunerOptionsInput, option: string, value: unknown): PrunerOptionsInput {
  const set = value === null || value === '' ? undefined : value;
  return withEntry<unknown>(pruner, option, set) as PrunerOptionsInput;
}
