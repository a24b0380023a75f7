/** A control plane without nodes: etcd and the API server of Kubernetes, on loopback, in a temporary folder. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../packages/service-kit/src/testing/index.ts';

const TOKEN = 'the-administrator-of-this-test';
const STARTS_WITHIN_MS = 120_000;

export interface ControlPlane {
  readonly host: string;
  readonly port: number;
  /** File of the authority that its certificate is of. */
  readonly authority: string;
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

export async function startControlPlane(
  apiServer: string,
  etcd: string,
  folder: string,
): Promise<ControlPlane> {
  const children: ChildProcess[] = [];
  const start = (command: string, args: readonly string[], name: string): ChildProcess => {
    const log = openSync(join(folder, `${name}.log`), 'w');
    const child = spawn(command, args, { stdio: ['ignore', log, log] });
    children.push(child);
    return child;
  };
  const stop = async (): Promise<void> => {
    for (const child of children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  };
  const [clients, peers, port] = [await freePort(), await freePort(), await freePort()];
  const etcdUrl = `http://127.0.0.1:${clients}`;
  const peerUrl = `http://127.0.0.1:${peers}`;
  start(
    etcd,
    [
      ...[
        '--data-dir',
        join(folder, 'etcd'),
        '--listen-client-urls',
        etcdUrl,
        '--advertise-client-urls',
        etcdUrl,
      ],
      ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
      ...['--initial-cluster', `default=${peerUrl}`],
    ],
    'etcd',
  );
  const key = join(folder, 'accounts.key');
  const made = spawnSync('openssl', ['genrsa', '-out', key, '2048']);
  if (made.status !== 0) throw new Error(`openssl failed: ${String(made.stderr)}`);
  writeFileSync(join(folder, 'tokens.csv'), `${TOKEN},administrator,1,system:masters\n`);
  const server = start(
    apiServer,
    [
      ...['--bind-address=127.0.0.1', `--secure-port=${port}`, `--cert-dir=${join(folder, 'certificates')}`],
      ...[
        `--etcd-servers=${etcdUrl}`,
        '--service-cluster-ip-range=10.96.0.0/16',
        '--authorization-mode=RBAC',
      ],
      ...['--service-account-issuer=https://kubernetes.default.svc', `--service-account-key-file=${key}`],
      ...[`--service-account-signing-key-file=${key}`, `--token-auth-file=${join(folder, 'tokens.csv')}`],
      // No controller makes the accounts `default`, which pods would be asked for.
      '--disable-admission-plugins=ServiceAccount',
    ],
    'kube-apiserver',
  );
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, JSON.stringify(configFor(port)));
  const plane: ControlPlane = {
    host: '127.0.0.1',
    port,
    authority: join(folder, 'certificates', 'apiserver.crt'),
    kubeconfig,
    stop,
  };
  for (const deadline = Date.now() + STARTS_WITHIN_MS; ; await delay(500)) {
    const ready = spawnSync('curl', [
      '-sk',
      '-H',
      `authorization: Bearer ${TOKEN}`,
      `https://127.0.0.1:${port}/readyz`,
    ]);
    if (String(ready.stdout) === 'ok') return plane;
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`the API server does not come up, see ${join(folder, 'kube-apiserver.log')}`);
    }
  }
}

const configFor = (port: number) => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [
    { name: 'test', cluster: { server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } },
  ],
  users: [{ name: 'administrator', user: { token: TOKEN } }],
  contexts: [{ name: 'test', context: { cluster: 'test', user: 'administrator', namespace: 'onegin' } }],
  'current-context': 'test',
});
