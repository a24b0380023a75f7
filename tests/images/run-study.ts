/**
 * The built images as compose.yaml starts them, on loopback, with a real Redis that asks for a password and a real S3
 * server: one study from request to model, and what only shows in a container.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startMinio, type TestS3Server } from '../../packages/artifacts/src/testing/minio-server.ts';
import { freePort, startRedisServer } from '../../packages/service-kit/src/testing/index.ts';
import { projectRoot } from '../../tools/project-root.mjs';
import { imageOf } from './build-images.ts';
import { check } from './checks.ts';
import { readComposeFile, runArguments, withAddresses, type ComposeService } from './compose-file.ts';
import type { Engine } from './engine.ts';

const SERVICES = ['gateway', 'orchestrator', 'plotter', 'trainer'] as const;
const KEY = 'an-admin-key-for-this-test-of-the-images-only';
const PASSWORD = 'apasswordforthistestonly';
const STUDY_SECONDS = 900;
const TENSORBOARD_MS = 180_000;
const READY_MS = 120_000;

interface Stack {
  readonly engine: Engine;
  readonly run: string;
  readonly services: Readonly<Record<string, ComposeService>>;
  /** What compose's names stand for here. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly address: string;
}

export async function runStudy(
  engine: Engine,
  { withTensorboard }: { withTensorboard: boolean },
): Promise<void> {
  const [redis, s3] = [await startRedisServer(), await startMinio()];
  const client = new Redis(redis.url);
  await client.config('SET', 'requirepass', PASSWORD);
  client.disconnect();
  const port = await freePort();
  const variables = { ONEGIN_ADMIN_KEY: KEY, REDIS_PASSWORD: PASSWORD, S3_SECRET_KEY: s3.secretKey };
  const stack: Stack = {
    engine,
    run: `onegin-images-${process.pid}`,
    services: readComposeFile(join(projectRoot, 'compose.yaml'), variables),
    addresses: { 'valkey:6379': `127.0.0.1:${redis.port}`, 'http://objectstore:9000': s3.endpoint },
    address: `http://127.0.0.1:${port}`,
  };
  const store = { S3_ACCESS_KEY: s3.accessKey, S3_REGION: s3.region };
  try {
    start(stack, 'gateway', { ...store, HOST: '127.0.0.1', PORT: String(port) });
    for (const name of SERVICES.slice(1))
      start(stack, name, { ...store, HEALTH_PORT: String(await freePort()) });
    if (!(await until(READY_MS, () => answers(`${stack.address}/ready`)))) {
      showLogs(stack);
      throw new Error('the gateway does not become ready');
    }
    check('without a key nobody is let in', (await fetch(`${stack.address}/api/jobs`)).status === 401);
    const jobId = await study(stack);
    await askGateway(stack, jobId);
    if (withTensorboard) await lookThroughTensorboard(stack, s3);
    for (const name of SERVICES) writesNothing(stack, name);
    for (const name of SERVICES) ends(stack, name);
  } finally {
    for (const name of [...SERVICES, 'tensorboard'])
      engine.try(['rm', '--force', '--volumes', `${stack.run}-${name}`]);
    for (const name of SERVICES) engine.try(['volume', 'rm', `${stack.run}-${name}-datasets`]);
    await s3.stop();
    await redis.remove();
  }
}

function start(
  { engine, run, services, addresses }: Stack,
  name: string,
  environment: Record<string, string>,
): void {
  const service = services[name];
  if (!service) throw new Error(`compose.yaml: expected the service ${name}`);
  const from = { ...service, environment: withAddresses(service.environment ?? {}, addresses) };
  engine.run([
    'run',
    '--detach',
    ...runArguments(from, { name: `${run}-${name}`, environment }),
    imageOf(name),
  ]);
}

const showLogs = ({ engine, run }: Pick<Stack, 'engine' | 'run'>): void => {
  for (const name of SERVICES)
    console.log(`--- ${name}\n${engine.try(['logs', '--tail', '20', `${run}-${name}`]).output}`);
};

/** What `helm test` runs, in the image that it runs in. @returns the job's id */
async function study({ engine, run, address }: Stack): Promise<string> {
  const test = join(projectRoot, 'helm', 'onegin', 'files', 'study-test.mjs');
  const args = [
    'run',
    '--rm',
    '--network',
    'host',
    '--read-only',
    '--volume',
    `${test}:/test/study-test.mjs:ro`,
  ];
  args.push('--env', `ONEGIN_URL=${address}`, '--env', `ONEGIN_KEY=${KEY}`);
  args.push('--env', `TIMEOUT_SECONDS=${STUDY_SECONDS}`, imageOf('gateway'), 'node', '/test/study-test.mjs');
  const { ok, output } = await engine.follow(args, (STUDY_SECONDS + 60) * 1000);
  check('a study on mnist-10k runs from request to a .keras file', ok, output.trim().split('\n').at(-1));
  if (!ok) {
    for (const name of SERVICES) console.log(engine.try(['logs', '--tail', '20', `${run}-${name}`]).output);
    throw new Error(output.slice(-2000));
  }
  return /^job (\S+)$/m.exec(output)?.[1] ?? '';
}

/** Also what the gateway's image would lack, had it been trimmed too far. */
async function askGateway({ address }: Stack, jobId: string): Promise<void> {
  const ask = (path: string) => fetch(`${address}${path}`, { headers: { authorization: `Bearer ${KEY}` } });
  const trainers = await (await ask('/api/trainers')).text();
  check('the trainer has native TensorFlow', trainers.includes('"engine":"native"'));
  const datasets = await (await ask('/api/datasets')).text();
  check(
    'the gateway lists datasets',
    datasets.includes('"mnist-10k"') && datasets.includes('"spam-assassin"'),
  );
  for (const path of ['/trials/0', '/best-model', '/trials/0/plots/training-history.svg', '/importance']) {
    const { status } = await ask(`/api/jobs/${jobId}${path}`);
    check(`the gateway answers …${path}`, status === 200, String(status));
  }
  const page = await (await fetch(address)).text();
  check('the gateway serves the web UI', /<script[^>]+type="module"/.test(page), `${page.length} characters`);
}

/** The service of compose.yaml reads the event files of that study out of the bucket. */
async function lookThroughTensorboard(
  { engine, run, services, addresses }: Stack,
  s3: TestS3Server,
): Promise<void> {
  const service = services['tensorboard'];
  if (!service) throw new Error('compose.yaml: expected the service tensorboard');
  const port = await freePort();
  const environment = { FSSPEC_S3_KEY: s3.accessKey, AWS_DEFAULT_REGION: s3.region };
  const from = { ...service, environment: withAddresses(service.environment ?? {}, addresses) };
  const flags = (service.command ?? []).filter((flag) => !/^--(bind_all|port)/.test(flag));
  const args = ['run', '--detach', ...runArguments(from, { name: `${run}-tensorboard`, environment })];
  engine.run([...args, imageOf('tensorboard'), '--host=127.0.0.1', `--port=${port}`, ...flags]);
  let tags = '';
  const found = await until(TENSORBOARD_MS, async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/data/plugin/scalars/tags`).catch(() => undefined);
    tags = answer?.ok ? await answer.text() : '';
    return tags.includes('/trials/trial_0/');
  });
  check('TensorBoard shows the trials’ scalars out of the bucket', found, tags.slice(0, 160));
  if (!found) console.log(engine.try(['logs', '--tail', '30', `${run}-tensorboard`]).output);
}

function writesNothing({ engine, run }: Stack, name: string): void {
  const { ok } = engine.try([
    'exec',
    `${run}-${name}`,
    'node',
    '-e',
    "require('fs').writeFileSync('/app/x', '')",
  ]);
  const status = engine.run(['exec', `${run}-${name}`, 'cat', '/proc/1/status']);
  const rights = /^CapEff:\s*(\S+)$/m.exec(status)?.[1];
  const user = /^Uid:\s*(\d+)/m.exec(status)?.[1];
  check(
    `${name} writes nothing to its image, has no capability and is not root`,
    !ok && rights === '0000000000000000' && user === '10001',
    `capabilities ${rights}, user ${user}`,
  );
}

function ends({ engine, run }: Stack, name: string): void {
  engine.run(['stop', '--time', '60', `${run}-${name}`], { timeoutMs: 90_000 });
  const status = engine.run(['inspect', '-f', '{{.State.ExitCode}}', `${run}-${name}`]);
  check(`${name} ends in order on SIGTERM as process 1`, status === '0', `status ${status}`);
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

async function until(limitMs: number, holds: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = Date.now() + limitMs; Date.now() < deadline; await delay(500))
    if (await holds()) return true;
  return false;
}
