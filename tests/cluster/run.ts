/**
 * The chart against a real API server of Kubernetes, strictly validated by it, with the real definitions of KEDA,
 * the Prometheus operator and Gateway API; and a stand-in for KEDA's autoscaler, which reads the chart's
 * ScaledObjects from that server and the demand from a real orchestrator. No nodes, so no pod runs.
 *
 *   npm run test:cluster     ends with status 0 and says SKIPPED where etcd, Go or root are missing
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHART, render, type RenderOptions } from '../../tools/chart/helm.ts';
import { installHelm } from '../../tools/install-helm.mjs';
import { installKubeApiserver } from '../../tools/install-kube-apiserver.mjs';
import { findCommand } from '../../tools/system-packages.mjs';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { Cluster, definitions } from './cluster.ts';
import { scaleOnDemand } from './scale-on-demand.ts';

const KEDA = 'keda.sh/v1alpha1';
let failed = 0;
let passed = 0;

async function step(name: string, work: () => Promise<string | void> | string | void): Promise<void> {
  try {
    const detail = await work();
    passed++;
    console.log(`ok     ${name}${detail ? `: ${detail}` : ''}`);
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function programs(): Promise<
  { etcd: string; apiServer: string; helm: string; kubectl: string } | string
> {
  const etcd = findCommand('etcd');
  if (!etcd) return 'there is no etcd on the path (Debian: apt-get install etcd-server)';
  if (!findCommand('openssl') || !findCommand('curl')) return 'openssl and curl are needed';
  try {
    const apiServer = await installKubeApiserver({ log: console.log });
    return { etcd, apiServer, ...(await installHelm({ log: console.log })) };
  } catch (error) {
    return (error as Error).message;
  }
}

function validate(cluster: Cluster, helm: string, folder: string, options: RenderOptions): string {
  const file = join(folder, 'manifests.yaml');
  writeFileSync(file, render(helm, options));
  const args = [
    'apply',
    '--server-side',
    '--dry-run=server',
    '--validate=strict',
    '-n',
    'onegin',
    '-f',
    file,
  ];
  const { output, complaints } = cluster.kubectl(args);
  // Pod security answers with a warning where a pod would not be let in.
  if (complaints.length > 0) throw new Error(complaints);
  return `${output.trim().split('\n').length} objects`;
}

async function keepsSecrets(cluster: Cluster, helm: string): Promise<string> {
  const secrets = () =>
    cluster.get('secret', ['-o', 'jsonpath={range .items[?(@.type=="Opaque")]}{.metadata.name}{.data}{end}']);
  const flags = ['onegin', CHART, '--namespace', 'onegin'];
  cluster.helm(helm, ['install', ...flags]);
  const before = secrets();
  if (!before.includes('onegin-redis'))
    throw new Error(`expected generated secrets, found ${before.slice(0, 200)}`);
  cluster.helm(helm, ['upgrade', ...flags, '--set', 'logLevel=debug']);
  if (secrets() !== before) throw new Error('an upgrade made new secrets');
  return cluster.helm(helm, ['version', '--short']).trim();
}

async function tests(plane: ControlPlane, helm: string, kubectl: string, folder: string): Promise<void> {
  const cluster = new Cluster(kubectl, plane.kubeconfig);
  await step('definitions of KEDA, Prometheus operator and Gateway API', () => definitions(cluster));
  cluster.namespace('onegin', {
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/warn': 'restricted',
  });
  const examples = readdirSync(join(CHART, 'examples')).map((name) => join(CHART, 'examples', name));
  const cases: [string, RenderOptions][] = [
    ['the defaults', {}],
    ['the defaults with KEDA', { apiVersions: [KEDA] }],
    ...examples.map((file): [string, RenderOptions] => [file.slice(CHART.length + 1), { values: [file] }]),
  ];
  for (const [name, options] of cases)
    await step(`the API server takes ${name}, strictly`, () => validate(cluster, helm, folder, options));
  await step('a pod that breaks the namespace’s rules is refused', () => cluster.refusesRootPod());
  await step('helm installs and upgrades, and secrets stay', () => keepsSecrets(cluster, helm));
  const older = process.env['HELM_OTHER'];
  if (older)
    await step(
      `the other helm upgrades what this one installed`,
      () =>
        cluster
          .helm(older, ['upgrade', 'onegin', CHART, '--namespace', 'onegin', '--set', 'logLevel=warn'])
          .split('\n')[0]!,
    );
  await step('the orchestrator’s account may patch pods and nothing else', () => cluster.checkRights());
  await scaleOnDemand({ cluster, plane, folder, step });
}

const found = await programs();
if (typeof found === 'string') {
  console.log(`SKIPPED: ${found}`);
} else {
  const folder = mkdtempSync(join(tmpdir(), 'onegin-cluster-'));
  let plane: ControlPlane | undefined;
  try {
    plane = await startControlPlane(found.apiServer, found.etcd, folder);
    await tests(plane, found.helm, found.kubectl, folder);
  } catch (error) {
    failed++;
    console.log(`FAILED ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await plane?.stop();
    if (failed === 0) rmSync(folder, { recursive: true, force: true });
    else console.log(`logs are in ${folder}`);
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}
