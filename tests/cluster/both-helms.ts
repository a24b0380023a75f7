/** Helm 3 and Helm 4 make the same of the chart, and an upgrade keeps values and secrets, from the one to the other too. */
import { CHART, render, run, type RenderOptions } from '../../tools/chart/helm.ts';
import type { Cluster } from './cluster.ts';

export interface HelmParts {
  readonly cluster: Cluster;
  readonly helms: { readonly 3: string; readonly 4: string };
  readonly cases: readonly (readonly [name: string, options: RenderOptions])[];
  readonly step: (name: string, work: () => unknown) => Promise<void>;
}

/** By itself each helm renders for the Kubernetes that it was released with. */
const KUBERNETES = '1.35.0';
const RELEASE = ['onegin', CHART, '--namespace', 'onegin'] as const;
const versionOf = (helm: string): string => run(helm, ['version', '--short']).trim();

export async function bothHelms({ cluster, helms, cases, step }: HelmParts): Promise<void> {
  for (const helm of [helms[3], helms[4]])
    await step(`lint finds nothing, ${versionOf(helm)}`, () => lintAll(helm, cases));
  for (const [name, options] of cases)
    await step(`Helm 3 and Helm 4 render ${name} alike`, () => rendersAlike(helms, options));
  await step(`install and upgrade, ${versionOf(helms[3])}`, () => installAndUpgrade(cluster, helms[3]));
  await step('Helm 4 upgrades what Helm 3 installed', () => upgrade(cluster, helms[4], 'warn'));
  await step('… and uninstalls it', () =>
    cluster.helm(helms[4], ['uninstall', 'onegin', '--namespace', 'onegin']).trim(),
  );
  await step(`install and upgrade, ${versionOf(helms[4])}`, () => installAndUpgrade(cluster, helms[4]));
}

function lintAll(helm: string, cases: HelmParts['cases']): string {
  for (const [, { values = [] }] of cases)
    run(helm, ['lint', '--strict', CHART, ...values.flatMap((file) => ['--values', file])]);
  return `${cases.length} sets of values`;
}

/** Generated secrets differ from one rendering to the next. */
const withoutSecrets = (manifests: string): string =>
  manifests
    .split(/^---$/m)
    .map((one) => (/^kind: Secret$/m.test(one) ? one.replace(/^stringData:[\s\S]*$/m, '') : one.trimEnd()))
    .join('---');

function rendersAlike(helms: HelmParts['helms'], options: RenderOptions): string {
  const forOneCluster = { ...options, more: ['--kube-version', KUBERNETES] };
  const [three, four] = [helms[3], helms[4]].map((helm) =>
    withoutSecrets(render(helm, forOneCluster)).split('\n'),
  );
  const at = four!.findIndex((line, index) => line !== three![index]);
  if (at >= 0 || three!.length !== four!.length)
    throw new Error(`line ${at}: ${JSON.stringify(three![at])} of 3, ${JSON.stringify(four![at])} of 4`);
  return `${four!.length} lines`;
}

const secretsIn = (cluster: Cluster): string =>
  cluster.get('secret', ['-o', 'jsonpath={range .items[?(@.type=="Opaque")]}{.metadata.name}{.data}{end}']);

/** With values that an upgrade is not told again. */
function installAndUpgrade(cluster: Cluster, helm: string): string {
  cluster.helm(helm, ['install', ...RELEASE, '--set', 'gateway.replicas=3', '--set', 's3.bucket=ours']);
  if (!secretsIn(cluster).includes('onegin-redis'))
    throw new Error(`expected generated secrets, found ${secretsIn(cluster).slice(0, 200)}`);
  return upgrade(cluster, helm, 'debug');
}

function upgrade(cluster: Cluster, helm: string, logLevel: string): string {
  const before = secretsIn(cluster);
  cluster.helm(helm, ['upgrade', ...RELEASE, '--reset-then-reuse-values', '--set', `logLevel=${logLevel}`]);
  if (secretsIn(cluster) !== before) throw new Error('it made new secrets');
  const gateway = JSON.parse(cluster.get('deployment', ['onegin-gateway', '-o', 'json'])) as Deployment;
  const { replicas, template } = gateway.spec;
  const value = (name: string) =>
    template.spec.containers[0]?.env.find((variable) => variable.name === name)?.value;
  const found = [replicas, value('S3_BUCKET'), value('LOG_LEVEL')].join();
  if (found !== `3,ours,${logLevel}`) throw new Error(`expected 3,ours,${logLevel}, found ${found}`);
  return 'values carried over, secrets kept';
}

interface Deployment {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: {
        readonly containers: readonly { readonly env: readonly { name: string; value?: string }[] }[];
      };
    };
  };
}
