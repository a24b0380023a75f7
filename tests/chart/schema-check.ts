/** Checks objects against the schemas of their kinds, written by tools/write-kubernetes-schemas.ts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import type { KubernetesObject } from './manifests.ts';

interface Schemas {
  readonly definitions: Record<string, object>;
  readonly kinds: Record<string, object>;
}

const schemas = JSON.parse(readFileSync(join(import.meta.dirname, 'schemas.json'), 'utf8')) as Schemas;
const ajv = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true, validateFormats: false });
const validators = new Map<string, ValidateFunction>();

function validatorOf(key: string): ValidateFunction | undefined {
  const schema = schemas.kinds[key];
  if (!schema) return undefined;
  const known = validators.get(key);
  if (known) return known;
  const made = ajv.compile({ ...schema, definitions: schemas.definitions });
  validators.set(key, made);
  return made;
}

/** In words; empty when the object is as Kubernetes expects it. */
export function schemaFaults(object: KubernetesObject): string[] {
  const key = `${object.apiVersion}/${object.kind}`;
  const validate = validatorOf(key);
  const name = `${object.kind} ${object.metadata.name}`;
  if (!validate) return [`${name}: there is no schema of ${key}`];
  if (validate(object)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${name}: ${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
