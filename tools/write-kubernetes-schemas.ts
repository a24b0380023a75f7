/**
 * Writes tests/chart/schemas.json: strict JSON schemas of the kinds that the chart uses, taken from the Go modules of
 * Kubernetes (its OpenAPI document), KEDA, the Prometheus operator and Gateway API (their definitions of resources).
 * Needs Go and its module proxy; run again when a version below changes.
 *
 *   npm run schemas
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from './project-root.mjs';

const MODULES = {
  kubernetes: 'k8s.io/kubernetes@v1.35.4',
  keda: 'github.com/kedacore/keda/v2@v2.20.2',
  prometheus: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
  gatewayApi: 'sigs.k8s.io/gateway-api@v1.4.0',
} as const;

const KINDS = [
  'v1/ConfigMap',
  'v1/Pod',
  'v1/Secret',
  'v1/Service',
  'v1/ServiceAccount',
  'apps/v1/Deployment',
  'apps/v1/StatefulSet',
  'autoscaling/v2/HorizontalPodAutoscaler',
  'batch/v1/Job',
  'networking.k8s.io/v1/Ingress',
  'networking.k8s.io/v1/NetworkPolicy',
  'policy/v1/PodDisruptionBudget',
  'rbac.authorization.k8s.io/v1/Role',
  'rbac.authorization.k8s.io/v1/RoleBinding',
];
const RESOURCES: readonly (readonly [module: keyof typeof MODULES, file: string])[] = [
  ['keda', 'config/crd/bases/keda.sh_scaledobjects.yaml'],
  ['keda', 'config/crd/bases/keda.sh_scaledjobs.yaml'],
  ['prometheus', 'example/prometheus-operator-crd/monitoring.coreos.com_podmonitors.yaml'],
  ['prometheus', 'example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml'],
  ['prometheus', 'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml'],
  ['gatewayApi', 'config/crd/standard/gateway.networking.k8s.io_httproutes.yaml'],
];

type Schema = { [key: string]: unknown };
const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function folderOf(module: keyof typeof MODULES): string {
  const result = spawnSync('go', ['mod', 'download', '-json', MODULES[module]], { encoding: 'utf8' });
  const folder = /"Dir": "([^"]+)"/.exec(result.stdout)?.[1];
  if (!folder) throw new Error(`${MODULES[module]} is not available: ${result.stdout}${result.stderr}`);
  return folder;
}

/** Words for people are most of a schema; `x-` words are for Kubernetes itself. */
function strict(node: unknown, isProperties = false): unknown {
  if (Array.isArray(node)) return node.map((item) => strict(item));
  if (!isObject(node)) return node;
  const kept = Object.entries(node).filter(
    ([key]) =>
      isProperties ||
      !(key === 'description' || key === 'default' || key === 'format' || key.startsWith('x-')),
  );
  const out = Object.fromEntries(
    kept.map(([key, value]) => [key, strict(value, key === 'properties' && !isProperties)]),
  );
  if (isProperties) return out;
  // Go's inline flags are no JavaScript.
  if (typeof out['pattern'] === 'string' && out['pattern'].includes('(?')) delete out['pattern'];
  if (node['x-kubernetes-int-or-string'] === true || node['format'] === 'int-or-string')
    return { type: ['integer', 'string'] };
  const open = node['x-kubernetes-preserve-unknown-fields'] === true || 'additionalProperties' in node;
  return 'properties' in out && !open ? { ...out, additionalProperties: false } : out;
}

/** The OpenAPI definitions that the kinds reach. */
function kubernetesSchemas(): { definitions: Schema; kinds: Schema } {
  const swagger = JSON.parse(
    readFileSync(join(folderOf('kubernetes'), 'api/openapi-spec/swagger.json'), 'utf8'),
  ) as { definitions: Record<string, Schema> };
  const kinds: Schema = {};
  const wanted: string[] = [];
  for (const [name, schema] of Object.entries(swagger.definitions))
    for (const { group, version, kind } of (schema['x-kubernetes-group-version-kind'] ?? []) as {
      group: string;
      version: string;
      kind: string;
    }[]) {
      const key = [group, version, kind].filter(Boolean).join('/');
      if (!KINDS.includes(key)) continue;
      kinds[key] = { $ref: `#/definitions/${name}` };
      wanted.push(name);
    }
  const definitions: Schema = {};
  while (wanted.length > 0) {
    const name = wanted.pop()!;
    if (name in definitions) continue;
    const schema = swagger.definitions[name]!;
    definitions[name] = strict(schema);
    for (const [, found] of JSON.stringify(schema).matchAll(/"#\/definitions\/([^"]+)"/g))
      wanted.push(found!);
  }
  // Quantities and ports are numbers or text.
  definitions['io.k8s.apimachinery.pkg.api.resource.Quantity'] = { type: ['string', 'number'] };
  definitions['io.k8s.apimachinery.pkg.util.intstr.IntOrString'] = { type: ['string', 'integer'] };
  return { definitions, kinds };
}

function resourceSchema(module: keyof typeof MODULES, file: string): [string, unknown] {
  const { spec } = parse(readFileSync(join(folderOf(module), file), 'utf8')) as {
    spec: {
      group: string;
      names: { kind: string };
      versions: { name: string; storage: boolean; schema: { openAPIV3Schema: Schema } }[];
    };
  };
  const version = spec.versions.find(({ storage }) => storage)!;
  const schema = strict(version.schema.openAPIV3Schema) as { properties: Schema };
  schema.properties['metadata'] = { $ref: '#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' };
  return [`${spec.group}/${version.name}/${spec.names.kind}`, schema];
}

const { definitions, kinds } = kubernetesSchemas();
for (const [module, file] of RESOURCES) {
  const [key, schema] = resourceSchema(module, file);
  kinds[key] = schema;
}
const path = join(projectRoot, 'tests', 'chart', 'schemas.json');
writeFileSync(path, `${JSON.stringify({ from: Object.values(MODULES), definitions, kinds })}\n`);
console.log(`${path}: ${Object.keys(kinds).length} kinds, ${Object.keys(definitions).length} definitions`);
