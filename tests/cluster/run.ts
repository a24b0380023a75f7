/**
 * The chart against a real API server of Kubernetes, strictly validated by it, with the real definitions of KEDA,
 * the Prometheus operator and Gateway API; and a stand-in for KEDA's autoscaler, which reads the chart's
 * ScaledObjects from that server and the demand from a real orchestrator. No nodes, so no pod runs.
 *
 * Helm 3 and Helm 4 both lint, render, install and upgrade it.
 *
 *   npm run test:cluster    fetches and builds what it needs (minutes, once); ends with status 0 and says SKIPPED, and
 *                           what to install, where that cannot be
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHART, render, type RenderOptions } from '../../tools/chart/helm.ts';
import { installBothHelms } from '../../tools/install-both-helms.mjs';
import { installEtcd } from '../../tools/install-etcd.mjs';
import { installKubeApiserver } from '../../tools/install-kube-apiserver.mjs';
import { findCommand, installHint } from '../../tools/system-packages.mjs';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { Cluster, definitions } from './cluster.ts';
import { bothHelms } from './both-helms.ts';
import { scaleOnDemand } from './scale-on-demand.ts';

const KEDA = 'keda.sh/v1alpha1';
let failed = 0;
let passed = 0;

async function step(name: string, work: () => unknown): Promise<void> {
  try {
    const detail = await work();
    passed++;
    console.log(`ok     ${name}${typeof detail === 'string' ? `: ${detail}` : ''}`);
  } catch (error) {
    failed++;
    console.log(`FAILED ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface Programs {
  readonly etcd: string;
  readonly apiServer: string;
  readonly helms: { readonly 3: string; readonly 4: string };
  readonly kubectl: string;
}

/** @returns a sentence with what to install where one of them is not available */
async function programs(): Promise<Programs | string> {
  for (const name of ['openssl', 'curl'])
    if (!findCommand(name)) return `${name} is missing. Install it with: ${installHint(name)}`;
  const log = console.log;
  try {
    const etcd = await installEtcd({ log });
    const apiServer = await installKubeApiserver({ log });
    const { kubectl, ...helms } = await installBothHelms({ log });
    return { etcd, apiServer, helms, kubectl };
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

async function tests(plane: ControlPlane, { helms, kubectl }: Programs, folder: string): Promise<void> {
  const cluster = new Cluster(kubectl, plane.kubeconfig);
  const helm = helms[4];
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
  await bothHelms({ cluster, helms, cases, step });
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
    await tests(plane, found, folder);
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
