/** JSON schema of values.yaml: no other keys, and each of its kind. */
import { isBranch, type Branch, type Value } from './values-comments.ts';

type Schema = Record<string, unknown>;

export function schemaOf(values: Branch): Schema {
  const pools = values.children.get('trainers');
  const poolDefaults = pools && isBranch(pools) ? pools.children.get('poolDefaults') : undefined;
  if (!poolDefaults || !isBranch(poolDefaults))
    throw new Error('values.yaml: expected trainers.poolDefaults');
  const pool = objectOf(poolDefaults, {});
  // A pool's name ends up in the names of its objects.
  const name = { type: 'string', pattern: '^[a-z0-9]([a-z0-9-]{0,14}[a-z0-9])?$' };
  const named = { ...pool, required: ['name'], properties: { name, ...(pool.properties as Schema) } };
  // Subcharts and umbrella charts may add `global`.
  const root = objectOf(values, named);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of the chart onegin; written from values.yaml, do not edit',
    ...root,
    properties: { ...(root.properties as Schema), global: { type: 'object' } },
  };
}

function objectOf(branch: Branch, pool: Schema): Schema {
  const properties = Object.fromEntries(
    [...branch.children].map(([key, node]) => [
      key,
      isBranch(node) ? objectOf(node, pool) : leafOf(node, pool),
    ]),
  );
  return { type: 'object', additionalProperties: false, properties };
}

const leafOf = ({ kind, description }: Value, pool: Schema): Schema => ({
  description,
  ...ofKind(kind, pool),
});

function ofKind(kind: string, pool: Schema): Schema {
  if (kind === 'list of pools') return { type: 'array', minItems: 1, items: pool };
  if (kind.startsWith('list of '))
    return { type: 'array', items: ofKind(kind.slice('list of '.length), pool) };
  const range = /^integer (\d+)\.\.(\d+)$/.exec(kind);
  if (range) return { type: 'integer', minimum: Number(range[1]), maximum: Number(range[2]) };
  switch (kind) {
    case 'text':
      return { type: 'string' };
    case 'integer':
    case 'boolean':
      return { type: kind };
    case 'map':
      return { type: 'object' };
    case 'list':
      return { type: 'array' };
  }
  if (!kind.includes('|')) throw new Error(`values.yaml: there is no kind [${kind}]`);
  return { enum: kind.split('|') };
}
