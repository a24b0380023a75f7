import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { gatewayConfig } from '../../services/gateway/src/config.ts';
import { orchestratorConfig } from '../../services/orchestrator/src/config.ts';
import { plotterConfig } from '../../services/plotter/src/config.ts';
import { trainerConfig } from '../../services/trainer/src/config.ts';
import { CHART, render, run, type RenderOptions } from '../../tools/chart/helm.ts';
import { installHelm } from '../../tools/install-helm.mjs';
import { chartFiles } from '../../tools/write-chart-files.ts';
import { parseManifests, podsOf, type KubernetesObject, type Labels, type Pod } from './manifests.ts';
import { mayConnect, mayEnter, policiesOf } from './network.ts';
import { networkRule, rules } from './rules.ts';
import { schemaFaults } from './schema-check.ts';

const KEDA = 'keda.sh/v1alpha1';
const EXAMPLES = join(CHART, 'examples');
const root = join(CHART, '..', '..');
const files = [
  ...readdirSync(EXAMPLES).map((name) => join(EXAMPLES, name)),
  ...readdirSync(join(root, 'k8s'))
    .filter((name) => name.endsWith('.values.yaml'))
    .map((name) => join(root, 'k8s', name)),
];
const cases: [string, RenderOptions][] = [
  ['the defaults', {}],
  ['the defaults where KEDA is', { apiVersions: [KEDA] }],
  ...files.map((file): [string, RenderOptions] => [file.slice(root.length + 1), { values: [file] }]),
];

let helm: string;
beforeAll(async () => {
  helm = (await installHelm()).helm;
}, 300_000);

const objectsOf = (options: RenderOptions): KubernetesObject[] => parseManifests(render(helm, options));
const set = (...values: string[]): RenderOptions => ({ more: values.flatMap((value) => ['--set', value]) });
const ofComponent = (objects: readonly KubernetesObject[], component: string): Pod =>
  podsOf(objects).find(({ labels }) => labels['app.kubernetes.io/component'] === component)!;
/** Size of the memory at /dev/shm. */
function sharedMemory({ spec }: Pod): string | undefined {
  const mount = spec.containers[0]!.volumeMounts?.find(({ mountPath }) => mountPath === '/dev/shm');
  const volume = spec.volumes?.find(({ name }) => name === mount?.name);
  const { medium, sizeLimit } = (volume as { emptyDir?: Record<string, string> } | undefined)?.emptyDir ?? {};
  return medium === 'Memory' ? sizeLimit : undefined;
}
const componentOf = (labels: Labels): string => labels['app.kubernetes.io/component'] ?? '';
/** What stands in secrets, and what a node fills in. */
const fromCluster = (name: string): string => (name === 'REDIS_URL' ? 'redis://valkey:6379' : 'x'.repeat(40));
const ofKind = (objects: readonly KubernetesObject[], kind: string) =>
  objects.filter((one) => one.kind === kind);

describe.each(cases)('the chart with %s', (_name, options) => {
  let objects: KubernetesObject[];
  beforeAll(() => {
    objects = objectsOf(options);
  });

  test('renders objects as the schemas of Kubernetes and KEDA ask', () => {
    expect(objects.length).toBeGreaterThan(15);
    expect(objects.flatMap(schemaFaults)).toEqual([]);
  });

  test.each(Object.entries(rules))('%s', (_rule, faults) => {
    expect(faults(objects)).toEqual([]);
  });

  test('has no two objects of one name', () => {
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test('sets only variables that the services know', () => {
    const known = new Set(
      [...readFileSync(join(root, '.env.example'), 'utf8').matchAll(/^# ([A-Z0-9_]+)=/gm)].map(
        ([, name]) => name,
      ),
    );
    const services = podsOf(objects).filter(({ labels }) =>
      ['gateway', 'orchestrator', 'plotter', 'trainer'].includes(labels['app.kubernetes.io/component'] ?? ''),
    );
    const names = services.flatMap(({ spec }) =>
      spec.containers.flatMap(({ env = [] }) => env.map(({ name }) => name)),
    );
    expect([...new Set(names)].filter((name) => !known.has(name))).toEqual([]);
  });

  test('gives every service an environment that it takes', () => {
    const read = {
      gateway: gatewayConfig,
      orchestrator: orchestratorConfig,
      plotter: plotterConfig,
      trainer: trainerConfig,
    } as const;
    const services = podsOf(objects).filter(({ labels }) => componentOf(labels) in read);
    expect(new Set(services.map(({ labels }) => componentOf(labels)))).toEqual(new Set(Object.keys(read)));
    for (const { labels, spec } of services) {
      const environment = Object.fromEntries(
        (spec.containers[0]?.env ?? []).map(({ name, value }) => [name, value ?? fromCluster(name)]),
      );
      const config = read[componentOf(labels) as keyof typeof read](environment);
      // No devices but those of GPU pools, and all of these.
      const limits = spec.containers[0]?.resources?.limits ?? {};
      const gpus = Object.entries(limits).find(([name]) => name.startsWith('nvidia.com/'))?.[1];
      if ('devicesPerTrial' in config) expect(config.devicesPerTrial).toBe(Number(gpus ?? 1));
    }
  });
});

describe('the chart', () => {
  test('is without reproach to helm lint', () => {
    expect(run(helm, ['lint', '--strict', CHART])).toContain('0 chart(s) failed');
    for (const file of files) run(helm, ['lint', '--strict', CHART, '--values', file]);
  });

  test('refuses values of another name or kind', () => {
    expect(() => objectsOf(set('gatway.replicas=3'))).toThrow(/gatway/);
    expect(() => objectsOf(set('gateway.replicas=many'))).toThrow(/replicas/);
    expect(() => objectsOf(set('trainers.pools[0].name=Big Pool'))).toThrow(/name/);
    expect(() => objectsOf(set('trainers.pools[0].name=a', 'trainers.pools[0].kind=ScaledJob'))).toThrow(
      /keda/,
    );
    expect(() => objectsOf(set('valkey.enabled=false'))).toThrow(/externalRedis.existingSecret/);
  });

  test('has every generated file up to date', async () => {
    const wanted = await chartFiles();
    expect(wanted.size).toBeGreaterThanOrEqual(4);
    const stale = [...wanted]
      .filter(([path, text]) => readFileSync(path, 'utf8') !== text)
      .map(([path]) => path);
    // Written with: npm run chart
    expect(stale).toEqual([]);
  });
});

describe('pools of trainers', () => {
  test('go from zero to their most on the demand, without replicas of their own', () => {
    const objects = objectsOf({ values: [join(EXAMPLES, 'gpu-spot.values.yaml')] });
    const [cpu, spot] = ['cpu', 'spot'].map((name) =>
      objects.find(
        ({ kind, metadata }) => kind === 'ScaledObject' && metadata.name === `onegin-trainer-${name}`,
      ),
    );
    expect(spot!.spec).toMatchObject({
      minReplicaCount: 0,
      maxReplicaCount: 16,
      fallback: { behavior: 'currentReplicas' },
      triggers: [
        {
          type: 'metrics-api',
          metadata: {
            url: 'http://onegin-orchestrator.onegin.svc:9090/scale?above=0',
            valueLocation: 'gpu.demand',
            targetValue: '1',
          },
        },
      ],
    });
    expect(cpu!.spec).toMatchObject({ triggers: [{ metadata: { valueLocation: 'cpu.demand' } }] });
    for (const { spec, metadata } of ofKind(objects, 'Deployment'))
      if (metadata.labels?.['app.kubernetes.io/component'] === 'trainer')
        expect(spec).not.toHaveProperty('replicas');
    const [job] = ofKind(objects, 'ScaledJob');
    // What the first GPU pool takes is not asked for twice, and an upgrade ends no running trial.
    expect(job!.spec).toMatchObject({
      rollout: { strategy: 'gradual' },
      triggers: [{ metadata: { url: 'http://onegin-orchestrator.onegin.svc:9090/scale?above=16' } }],
      jobTargetRef: { backoffLimit: 0 },
    });
  });

  test('have devices, tolerations and time to drain; spot ones release theirs at once', () => {
    const objects = objectsOf({ values: [join(EXAMPLES, 'gpu-spot.values.yaml')] });
    const pod = (name: string) =>
      podsOf(objects).find(({ owner }) => owner.endsWith(`onegin-trainer-${name}`))!;
    const env = (name: string, of: string) =>
      pod(name).spec.containers[0]!.env!.find((one) => one.name === of)?.value;
    expect(pod('on-demand').spec.containers[0]!.resources!.limits).toMatchObject({ 'nvidia.com/gpu': 2 });
    expect(
      ['on-demand', 'spot', 'cpu'].map((name) => [env(name, 'DEVICES_PER_TRIAL'), sharedMemory(pod(name))]),
    ).toEqual([
      ['2', '2Gi'],
      ['1', '1Gi'],
      [undefined, '1Gi'],
    ]);
    expect(pod('spot').spec).toMatchObject({
      tolerations: [{ key: 'node.example.org/spot' }, { key: 'nvidia.com/gpu', operator: 'Exists' }],
    });
    expect([env('spot', 'TRAINER_DRAIN'), env('cpu', 'TRAINER_DRAIN')]).toEqual(['0s', '1800s']);
    expect([env('on-demand', 'TRAINER_ENTRIES'), env('spot', 'TRAINER_ENTRIES')]).toEqual(['1', undefined]);
    expect(pod('cpu').spec.terminationGracePeriodSeconds).toBe(1835);
  });

  test('are scaled on processor use where there is no KEDA', () => {
    const objects = objectsOf({});
    expect(ofKind(objects, 'ScaledObject')).toEqual([]);
    const hpa = ofKind(objects, 'HorizontalPodAutoscaler');
    expect(
      hpa.map(({ metadata, spec }) => [metadata.name, spec!['minReplicas'], spec!['maxReplicas']]),
    ).toEqual([['onegin-trainer-cpu', 1, 4]]);
  });
});

describe('monitors', () => {
  const monitored = (...values: string[]) =>
    objectsOf(set('monitoring.serviceMonitor=true', 'monitoring.podMonitor=true', ...values)).filter(
      ({ kind }) => /^(Service|Pod)Monitor$/.test(kind),
    );
  interface Endpoint {
    relabelings?: unknown;
    authorization?: { credentials: { name: string; key: string } };
  }
  const endpointsOf = ({ spec }: KubernetesObject) =>
    (spec?.['endpoints'] ?? spec?.['podMetricsEndpoints']) as Endpoint[];

  test('call every service by the job that alerts and dashboard know', () => {
    const jobs = [
      ...readFileSync(join(root, 'monitoring', 'alerts.yml'), 'utf8').matchAll(/job="([^"]+)"/g),
      ...readFileSync(join(root, 'monitoring', 'dashboard.json'), 'utf8').matchAll(/job=\\"([^"\\]+)/g),
    ].map(([, job]) => job);
    expect(new Set(jobs)).toEqual(new Set(['onegin']));
    const endpoints = monitored().flatMap(endpointsOf);
    expect(endpoints).toHaveLength(3);
    for (const { relabelings } of endpoints)
      expect(relabelings).toEqual([{ targetLabel: 'job', replacement: jobs[0] }]);
  });

  test('give Prometheus a key of its own where there is one', () => {
    const credentials = (...values: string[]) =>
      monitored(...values)
        .flatMap(endpointsOf)
        .flatMap(({ authorization }) => (authorization ? [authorization.credentials] : []));
    expect(credentials()).toEqual([{ name: 'onegin-auth', key: 'admin-key' }]);
    expect(credentials('monitoring.existingKeySecret=reader')).toEqual([
      { name: 'reader', key: 'metrics-key' },
    ]);
    expect(credentials('auth.metricsAccess=open')).toEqual([]);
  });
});

describe('what the web UI says of the installation (4.8, 3.5)', () => {
  const env = (...values: string[]) =>
    Object.fromEntries(
      (ofComponent(objectsOf(set(...values)), 'gateway').spec.containers[0]?.env ?? []).map(
        ({ name, value }) => [name, value],
      ),
    );
  const NAMES = ['PERSONAL_PAGE', 'COMPANY_PAGE', 'LICENCE_PAGE', 'REPOSITORY', 'TENSORBOARD'];

  test('is nothing by default', () => {
    expect(Object.keys(env()).filter((name) => NAMES.includes(name))).toEqual([]);
  });

  test('is what the values say', () => {
    const given = env(
      'site.personalPage=Ada Lovelace https://ada.example.org',
      'site.companyPage=https://company.example.org',
      'site.licencePage=https://example.org/mit',
      'site.repository=https://code.example.org',
      'tensorboard.address=https://tb.example.org',
    );
    expect(NAMES.map((name) => given[name])).toEqual([
      'Ada Lovelace https://ada.example.org',
      'https://company.example.org',
      'https://example.org/mit',
      'https://code.example.org',
      'https://tb.example.org',
    ]);
  });
});

describe('network policies', () => {
  const objects = () => objectsOf({ apiVersions: [KEDA], ...set('tensorboard.enabled=true') });

  test('cover every pod', () => {
    expect(networkRule(objects())).toEqual([]);
  });

  test('let everyone speak with whom they need, and with nobody else', () => {
    const all = objects();
    const policies = policiesOf(all);
    const labels = (component: string) => ofComponent(all, component).labels;
    const may = (from: string, to: string, port: number) =>
      mayConnect(policies, labels(from), labels(to), port);
    for (const from of ['gateway', 'orchestrator', 'plotter', 'trainer']) {
      expect([from, may(from, 'valkey', 6379)]).toEqual([from, true]);
      expect([from, may(from, 'objectstore', 9000)]).toEqual([from, true]);
    }
    expect(may('test', 'gateway', 7860)).toBe(true);
    expect(may('tensorboard', 'objectstore', 9000)).toBe(true);
    for (const [from, to, port] of [
      ['test', 'valkey', 6379],
      ['trainer', 'gateway', 7860],
      ['gateway', 'trainer', 9090],
      ['valkey', 'objectstore', 9000],
    ] as const)
      expect([from, to, may(from, to, port)]).toEqual([from, to, false]);
    expect(mayEnter(policies, 'keda', labels('orchestrator'), 9090)).toBe(true);
    expect(mayEnter(policies, 'keda', labels('trainer'), 9090)).toBe(false);
    expect(mayEnter(policies, 'monitoring', labels('trainer'), 9090)).toBe(true);
    expect(mayEnter(policies, 'elsewhere', labels('orchestrator'), 9090)).toBe(false);
  });
});

describe('each rule can fail', () => {
  const broken = (change: (pod: Pod) => void): KubernetesObject[] => {
    const objects = objectsOf({});
    change(ofComponent(objects, 'gateway'));
    return objects;
  };
  type Change = (spec: Record<string, never>, container: Record<string, never>, pod: Pod) => void;
  const put = (target: object, key: string, value: unknown): void =>
    void Object.assign(target, { [key]: value });
  const changes: Record<string, Change> = {
    'pods are not root, with the default seccomp profile': (spec) =>
      put(spec, 'securityContext', { runAsUser: 0 }),
    'containers gain no rights and write to volumes only': (_s, container) =>
      put(container, 'securityContext', {}),
    'containers have requests and limits of memory and processors': (_s, container) =>
      put(container, 'resources', { limits: { memory: '1Gi' } }),
    'containers that stay have probes, and liveness does not ask for Redis': (_s, container) =>
      put(container, 'livenessProbe', { httpGet: { path: '/ready', port: 'http' } }),
    'images are pinned by tag': (_s, container) => put(container, 'image', 'onegin/gateway'),
    'no secret stands in the environment as text': (_s, container) =>
      put(container, 'env', [{ name: 'SOME_URL', value: 'redis://:hunter2@valkey:6379' }]),
    'no pod is given a token by itself': (spec) => put(spec, 'automountServiceAccountToken', true),
    'a pod’s end is long enough for its drain': (spec) => put(spec, 'terminationGracePeriodSeconds', 20),
    'mounted volumes are there': (spec) => put(spec, 'volumes', []),
    'what is referred to is there': (spec) => put(spec, 'serviceAccountName', 'nobody'),
  };

  test.each(Object.entries(rules))('%s', (name, faults) => {
    const change = changes[name]!;
    const objects = broken((pod) => change(pod.spec as never, pod.spec.containers[0] as never, pod));
    expect(faults(objects).join()).toContain('gateway');
  });

  test('schemas and network policies', () => {
    const objects = broken((pod) => {
      put(pod.labels, 'app.kubernetes.io/instance', 'another');
      put(pod.spec, 'tolerance', []);
    });
    expect(networkRule(objects)).toEqual(['Deployment onegin-gateway: no network policy covers it']);
    expect(objects.flatMap(schemaFaults).join()).toContain('"additionalProperty":"tolerance"');
  });
});
