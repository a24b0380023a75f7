/** What the tests do with the API server, through kubectl and helm as people use them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const MODULES: readonly (readonly [module: string, files: readonly string[]])[] = [
  [
    'github.com/kedacore/keda/v2@v2.20.2',
    ['config/crd/bases/keda.sh_scaledobjects.yaml', 'config/crd/bases/keda.sh_scaledjobs.yaml'],
  ],
  [
    'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    ['podmonitors', 'servicemonitors', 'prometheusrules'].map(
      (name) => `example/prometheus-operator-crd/monitoring.coreos.com_${name}.yaml`,
    ),
  ],
  ['sigs.k8s.io/gateway-api@v1.4.0', ['config/crd/standard/gateway.networking.k8s.io_httproutes.yaml']],
];

export class Cluster {
  readonly #kubectl: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(kubectl: string, kubeconfig: string) {
    this.#kubectl = kubectl;
    this.#env = { ...process.env, KUBECONFIG: kubeconfig };
  }

  /** @throws Error with what it says */
  kubectl(args: readonly string[], input?: string): { output: string; complaints: string } {
    const result = spawnSync(this.#kubectl, args, {
      env: this.#env,
      encoding: 'utf8',
      input,
      maxBuffer: 1 << 26,
    });
    if (result.status !== 0)
      throw new Error(`kubectl ${args.slice(0, 3).join(' ')}: ${result.stderr.slice(0, 3000)}`);
    return { output: result.stdout, complaints: result.stderr };
  }

  helm(helm: string, args: readonly string[]): string {
    const result = spawnSync(helm, args, { env: this.#env, encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`helm ${args[0]}: ${result.stderr.slice(0, 3000)}`);
    return result.stdout;
  }

  get(kind: string, more: readonly string[] = []): string {
    return this.kubectl(['get', kind, '-n', 'onegin', ...more]).output;
  }

  namespace(name: string, labels: Readonly<Record<string, string>>): void {
    this.kubectl(['create', 'namespace', name]);
    this.kubectl([
      'label',
      'namespace',
      name,
      ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    ]);
  }

  /** A pod as the restricted standard asks for. */
  pod(name: string): void {
    const container = {
      name: 'trainer',
      image: 'onegin/trainer:0.1.0',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    };
    const securityContext = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
    this.#create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: { containers: [container], securityContext },
    });
  }

  refusesRootPod(): string {
    const spec = { containers: [{ name: 'a', image: 'a:1' }] };
    try {
      this.#create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'root' }, spec });
    } catch (error) {
      const { message } = error as Error;
      if (message.includes('violates PodSecurity "restricted')) return 'by pod security';
      throw error;
    }
    throw new Error('it was let in');
  }

  #create(object: object): void {
    this.kubectl(['create', '-n', 'onegin', '-f', '-'], JSON.stringify(object));
  }

  checkRights(): string {
    const may = (verb: string, what: string): boolean => {
      const args = [
        'auth',
        'can-i',
        verb,
        what,
        '-n',
        'onegin',
        '--as=system:serviceaccount:onegin:onegin-orchestrator',
      ];
      return spawnSync(this.#kubectl, args, { env: this.#env, encoding: 'utf8' }).stdout.trim() === 'yes';
    };
    if (!may('patch', 'pods')) throw new Error('it may not patch pods');
    const more = [
      ['get', 'secrets'],
      ['list', 'pods'],
      ['delete', 'pods'],
      ['create', 'pods'],
      ['patch', 'deployments'],
    ].filter(([verb, what]) => may(verb!, what!));
    if (more.length > 0) throw new Error(`it may also ${more.map((one) => one.join(' ')).join(', ')}`);
    return 'patch pods';
  }
}

/** @returns how many there are now */
export function definitions(cluster: Cluster): string {
  let count = 0;
  for (const [module, files] of MODULES) {
    const { stdout, stderr } = spawnSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' });
    const folder = /"Dir": "([^"]+)"/.exec(stdout)?.[1];
    if (!folder) throw new Error(`${module} is not available: ${stdout}${stderr}`);
    for (const file of files) cluster.kubectl(['apply', '--server-side', '-f', join(folder, file)]);
    count += files.length;
  }
  cluster.kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
  return `${count}`;
}
