/**
 * From a study to replicas and back: a real orchestrator says the demand, a stand-in for KEDA and the HPA applies
 * what the chart's ScaledObject on the API server says of it. And busy trainers' pods get their deletion cost.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { exampleConfig, exampleHeartbeat } from './examples.ts';
import {
  connectRedis,
  createLogger,
  StudyLog,
  writeHeartbeat,
} from '../../packages/service-kit/src/index.ts';
import { freePort, startRedisServer } from '../../packages/service-kit/src/testing/index.ts';
import { projectRoot } from '../../tools/project-root.mjs';
import { CHART } from '../../tools/chart/helm.ts';
import { installHelm } from '../../tools/install-helm.mjs';
import type { Cluster } from './cluster.ts';
import type { ControlPlane } from './control-plane.ts';

export interface ScaleParts {
  readonly cluster: Cluster;
  readonly plane: ControlPlane;
  readonly folder: string;
  readonly step: (name: string, work: () => unknown) => Promise<void>;
}

const WITHIN_MS = 60_000;
const TARGET = 'onegin-trainer-cpu';

interface ScaledObject {
  spec: {
    minReplicaCount: number;
    maxReplicaCount: number;
    scaleTargetRef: { name: string };
    triggers: { metadata: { url: string; valueLocation: string; targetValue: string } }[];
  };
}

/** What KEDA's metrics-api scaler and the HPA make of a ScaledObject whose metric is an average per replica. */
async function replicasWanted({ spec }: ScaledObject, port: number): Promise<number> {
  const { url, valueLocation, targetValue } = spec.triggers[0]!.metadata;
  const page = new URL(url);
  const answer = await fetch(`http://127.0.0.1:${port}${page.pathname}${page.search}`);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  let value: unknown = await answer.json();
  for (const key of valueLocation.split('.')) value = (value as Record<string, unknown>)[key];
  if (typeof value !== 'number')
    throw new Error(`${valueLocation}: expected a number, found ${String(value)}`);
  return Math.min(
    spec.maxReplicaCount,
    Math.max(spec.minReplicaCount, Math.ceil(value / Number(targetValue))),
  );
}

async function until<T>(
  what: string,
  ask: () => T | Promise<T>,
  holds: (found: T) => boolean,
): Promise<void> {
  let found: T | undefined;
  for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline; await delay(200)) {
    found = await ask();
    if (holds(found)) return;
  }
  throw new Error(`${what}: found ${JSON.stringify(found)}`);
}

export async function scaleOnDemand({ cluster, plane, folder, step }: ScaleParts): Promise<void> {
  const redis = await startRedisServer();
  const connections = connectRedis(redis.url, {
    name: 'test',
    logger: createLogger({ service: 'test', level: 'silent' }),
  });
  const log = new StudyLog(connections.blocking);
  const port = await freePort();
  copyFileSync(plane.authority, join(folder, 'ca.crt'));
  writeFileSync(
    join(folder, 'token'),
    cluster.kubectl(['create', 'token', 'onegin-orchestrator', '-n', 'onegin']).output,
  );
  const { helm } = await installHelm();
  cluster.helm(helm, [
    'upgrade',
    'onegin',
    CHART,
    '--namespace',
    'onegin',
    '--set',
    'trainers.autoscaler=keda',
  ]);
  const orchestrator = spawn(process.execPath, [join(projectRoot, 'services/orchestrator/src/main.ts')], {
    env: {
      ...process.env,
      REDIS_URL: redis.url,
      ARTIFACTS_DIR: join(folder, 'artifacts'),
      HEALTH_PORT: String(port),
      LOG_LEVEL: 'warn',
      POD_DELETION_COST: 'true',
      POD_NAMESPACE: 'onegin',
      KUBERNETES_SERVICE_HOST: plane.host,
      KUBERNETES_SERVICE_PORT: String(plane.port),
      KUBERNETES_CREDENTIALS_DIR: folder,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const scale = async (): Promise<number> => {
    const object = JSON.parse(cluster.get('scaledobject', [TARGET, '-o', 'json'])) as ScaledObject;
    const wanted = await replicasWanted(object, port);
    cluster.kubectl([
      'scale',
      'deployment',
      object.spec.scaleTargetRef.name,
      '-n',
      'onegin',
      `--replicas=${wanted}`,
    ]);
    return Number(cluster.get('deployment', [TARGET, '-o', 'jsonpath={.spec.replicas}']));
  };
  const request = (jobId: string, parallelism: number) =>
    log.append(jobId, [{ type: 'JobRequested', config: exampleConfig(jobId, parallelism) }]);
  try {
    await until(
      'the orchestrator',
      () =>
        fetch(`http://127.0.0.1:${port}/ready`).then(
          (r) => r.ok,
          () => false,
        ),
      Boolean,
    );
    await step('without work there are no trainers', () => until('replicas', scale, (n) => n === 0));
    await step('a study brings as many as it trains at once', async () => {
      await request('job-cluster-1', 3);
      await until('replicas', scale, (n) => n === 3);
    });
    await step('two studies bring more, up to the pool’s most', async () => {
      await request('job-cluster-2', 3);
      await until('replicas', scale, (n) => n === 4);
    });
    await step('cancelled, they go to zero', async () => {
      for (const jobId of ['job-cluster-1', 'job-cluster-2'])
        await log.append(jobId, [{ type: 'CancelRequested' }]);
      await until('replicas', scale, (n) => n === 0);
    });
    await step('a busy trainer’s pod costs more to delete than an idle one’s', async () => {
      cluster.pod('busy');
      cluster.pod('idle');
      for (const id of ['busy', 'idle'])
        await writeHeartbeat(connections.blocking, exampleHeartbeat(id, id === 'busy'));
      const cost = (pod: string) =>
        cluster.get('pod', [
          pod,
          '-o',
          'jsonpath={.metadata.annotations.controller\\.kubernetes\\.io/pod-deletion-cost}',
        ]);
      await until(
        'costs',
        () => [cost('busy'), cost('idle')],
        ([busy, idle]) => busy === '1000' && idle === '0',
      );
    });
  } finally {
    const ended = once(orchestrator, 'exit');
    orchestrator.kill('SIGTERM');
    await ended;
    connections.close();
    await redis.remove();
  }
}
