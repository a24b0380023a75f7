/** A real gateway, started with the environment that the chart renders for it and nothing else that concerns it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startMinio, type TestS3Server } from '@onegin/artifacts/testing/minio';
import { connectRedis, createLogger } from '@onegin/service-kit';
import { freePort, startRedisServer, until, type RedisServer } from '@onegin/service-kit/testing';
import { render } from '../../tools/chart/helm.ts';
import { installHelm } from '../../tools/install-helm.mjs';
import { projectRoot } from '../../tools/project-root.mjs';
import { parseManifests, podsOf, type KubernetesObject } from './manifests.ts';
import { environmentOf, generatedSecrets } from './rendered-environment.ts';

let helm: string;
let redis: RedisServer;
let s3: TestS3Server;
let folder: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  ({ helm } = await installHelm());
  [redis, s3] = [await startRedisServer(), await startMinio()];
  folder = await mkdtemp(join(tmpdir(), 'onegin-chart-'));
}, 300_000);

afterAll(async () => {
  for (const child of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  await s3.stop();
  await redis.remove();
  await rm(folder, { recursive: true, force: true });
});

/** With Redis and S3 where they are here, by secrets of one's own as the chart takes them. */
function rendered(values: Readonly<Record<string, string>>): KubernetesObject[] {
  const all = {
    'valkey.enabled': 'false',
    'externalRedis.existingSecret': 'our-redis',
    'objectStore.enabled': 'false',
    'externalS3.existingSecret': 'our-bucket',
    'externalS3.endpoint': s3.endpoint,
    's3.region': s3.region,
    'monitoring.serviceMonitor': 'true',
    ...values,
  };
  const more = Object.entries(all).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  return parseManifests(render(helm, { more }));
}

interface Gateway {
  readonly url: string;
  /** The key that the chart generated. */
  readonly adminKey: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

async function startGateway(objects: readonly KubernetesObject[]): Promise<Gateway> {
  const pod = podsOf(objects).find(({ labels }) => labels['app.kubernetes.io/component'] === 'gateway');
  const environment = environmentOf(pod!.spec.containers[0]!, objects, {
    'our-redis': { 'redis-url': redis.url },
    'our-bucket': { 's3-access-key': s3.accessKey, 's3-secret-key': s3.secretKey },
  });
  const port = await freePort();
  // What the image adds: the port that the chart's service leads to, and its folders.
  const image = { PORT: String(port), DATASETS_DIR: join(folder, 'datasets'), WEB_DIR: join(folder, 'web') };
  const child = spawn(process.execPath, [join(projectRoot, 'services/gateway/src/main.ts')], {
    env: { PATH: process.env['PATH'], ...environment, ...image },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  running.push(child);
  const url = `http://127.0.0.1:${port}`;
  await until(async () => (await fetch(`${url}/ready`).catch(() => undefined))?.ok === true);
  return { url, environment, adminKey: generatedSecrets(objects)['onegin-auth']?.['admin-key'] };
}

/** fetch() does not let a request name another host. */
async function statusFor(url: string, host: string): Promise<number | undefined> {
  const sent = request(`${url}/api/datasets`, { headers: { host } });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

const bearer = (key: string | undefined): RequestInit => ({ headers: { authorization: `Bearer ${key}` } });

describe('a gateway as the chart starts it', () => {
  test('listens beyond loopback, and lets in a client with the generated key', async () => {
    const { url, adminKey, environment } = await startGateway(
      rendered({ 'auth.trustedProxies': '{127.0.0.1/32}' }),
    );
    expect(environment).toMatchObject({ HOST: '0.0.0.0', AUTH: 'keys', METRICS_ACCESS: 'key' });
    expect(adminKey).toMatch(/^[A-Za-z0-9]{48}$/);
    for (const path of ['/api/jobs', '/metrics'])
      expect([path, (await fetch(url + path)).status]).toEqual([path, 401]);
    expect((await fetch(`${url}/api/jobs`, bearer('not-the-key-that-was-generated-for-this'))).status).toBe(
      401,
    );
    const answer = await fetch(`${url}/api/optimize`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${adminKey}` },
      body: JSON.stringify({ dataset: 'mnist-10k', trials: 2, epochs: 1 }),
    });
    expect(answer.status).toBe(202);
    const { jobId } = (await answer.json()) as { jobId: string };
    const job = await fetch(`${url}/api/jobs/${jobId}`, bearer(adminKey));
    expect(await job.json()).toMatchObject({ dataset: 'mnist-10k' });
    // As Prometheus asks, by the monitor's reference to the same secret.
    expect((await fetch(`${url}/metrics`, bearer(adminKey))).status).toBe(200);
  });

  test('counts the requests of those behind a trusted proxy one by one', async () => {
    const { url } = await startGateway(rendered({ 'auth.trustedProxies': '{127.0.0.1/32}' }));
    await fetch(`${url}/api/jobs`, { headers: { 'x-forwarded-for': '203.0.113.77' } });
    const { url: trustless } = await startGateway(rendered({}));
    await fetch(`${trustless}/api/jobs`, { headers: { 'x-forwarded-for': '203.0.113.88' } });
    const logger = createLogger({ service: 'test', level: 'silent' });
    const connections = connectRedis(redis.url, { name: 'test', logger });
    const names = (await connections.failFast.keys('*203.0.113.*')).join();
    connections.close();
    expect(names).toContain('203.0.113.77');
    expect(names).not.toContain('203.0.113.88');
  });

  test('shows its metrics to all where they are open, and the monitor then carries no key', async () => {
    const objects = rendered({ 'auth.metricsAccess': 'open' });
    const { url } = await startGateway(objects);
    expect((await fetch(`${url}/metrics`)).status).toBe(200);
    expect((await fetch(`${url}/api/jobs`)).status).toBe(401);
    const monitor = objects.find(
      ({ kind, metadata }) => kind === 'ServiceMonitor' && metadata.name === 'onegin-gateway',
    );
    expect(JSON.stringify(monitor?.spec)).not.toContain('authorization');
  });

  test('without keys, answers to the names that it is reached by and to no others', async () => {
    const { url, environment } = await startGateway(
      rendered({
        'auth.mode': 'off',
        'auth.allowedHosts': '{another.example.org}',
        'ingress.enabled': 'true',
        'ingress.host': 'onegin.example.org',
      }),
    );
    expect(environment).not.toHaveProperty('ONEGIN_ADMIN_KEY');
    for (const host of ['onegin.example.org', 'another.example.org', 'onegin-gateway.onegin.svc'])
      expect([host, await statusFor(url, host)]).toEqual([host, 200]);
    expect(await statusFor(url, 'elsewhere.example.org')).toBe(403);
  });
});
