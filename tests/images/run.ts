/**
 * Builds the images and runs one study on them, from request to model, against a real Redis and a real S3 server:
 * read-only, without capabilities, as another user than root, on loopback only. Takes long, so it is no part of
 * `npm test`.
 *
 *   npm run test:images                       ends with status 0 and says SKIPPED where there is no engine
 *   npm run test:images -- --keep FOLDER      keeps engine data and built images there, for the next time
 *   npm run test:images -- --built            runs the study on the images of an earlier run
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startMinio } from '../../packages/artifacts/src/testing/minio-server.ts';
import { freePort, startRedisServer } from '../../packages/service-kit/src/testing/index.ts';
import { projectRoot } from '../../tools/project-root.mjs';
import { baseImage } from './base-image.ts';
import { Engine } from './engine.ts';

const SERVICES = ['gateway', 'orchestrator', 'plotter', 'trainer'] as const;
type Service = (typeof SERVICES)[number];
const TAG = 'test';
const KEY = 'an-admin-key-for-this-test-of-the-images-only';
const BUILD_LIMIT_MS = 40 * 60_000;

const checks: { name: string; ok: boolean; detail: string }[] = [];
function check(name: string, ok: boolean, detail = ''): void {
  checks.push({ name, ok, detail });
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}${detail ? `: ${detail}` : ''}`);
}

/** Only what git knows: a working tree holds gigabytes that no image needs. */
function buildContext(folder: string): string {
  const context = join(folder, 'context');
  rmSync(context, { recursive: true, force: true });
  mkdirSync(context, { recursive: true });
  const copy = spawnSync(
    'sh',
    [
      '-c',
      `git ls-files -co --exclude-standard -z | xargs -0 tar cf - --ignore-failed-read | tar xf - -C "${context}"`,
    ],
    {
      cwd: projectRoot,
    },
  );
  if (copy.status !== 0) throw new Error(`the sources cannot be copied: ${String(copy.stderr)}`);
  return context;
}

function buildImages(engine: Engine, base: string, context: string): void {
  for (const service of SERVICES) {
    const startedAt = Date.now();
    const args = ['build', '--network', 'host', '--build-arg', `NODE_IMAGE=${base}`];
    args.push('-f', join('docker', `${service}.Dockerfile`), '-t', `onegin/${service}:${TAG}`, '.');
    const { ok, output } = engine.try(args, { cwd: context, timeoutMs: BUILD_LIMIT_MS });
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    if (!ok) throw new Error(`onegin/${service} cannot be built:\n${output.slice(-4000)}`);
    const bytes = Number(engine.run(['image', 'inspect', '-f', '{{.Size}}', `onegin/${service}:${TAG}`]));
    const own = bytes - Number(engine.run(['image', 'inspect', '-f', '{{.Size}}', base]));
    check(
      `onegin/${service} is built`,
      true,
      `${seconds} s, ${mb(bytes)} MB, of which ${mb(own)} MB are its own`,
    );
    const user = engine.run(['image', 'inspect', '-f', '{{.Config.User}}', `onegin/${service}:${TAG}`]);
    check(`onegin/${service} runs as another user than root`, /^[1-9]\d*:[1-9]\d*$/.test(user), user);
  }
}
const mb = (bytes: number): number => Math.round(bytes / 1e6);

/** Read-only, without capabilities, on loopback. */
function start(engine: Engine, service: Service, name: string, env: Record<string, string>): void {
  const args = ['run', '--detach', '--name', name, '--network', 'host', '--read-only', '--cap-drop', 'ALL'];
  args.push('--security-opt', 'no-new-privileges', '--tmpfs', '/tmp:mode=1777');
  if (service === 'gateway' || service === 'trainer') args.push('--tmpfs', '/data/datasets:mode=1777');
  for (const [key, value] of Object.entries(env)) args.push('--env', `${key}=${value}`);
  engine.run([...args, `onegin/${service}:${TAG}`]);
}

async function runStudy(engine: Engine): Promise<void> {
  const [redis, s3] = [await startRedisServer(), await startMinio()];
  const port = await freePort();
  const run = `onegin-images-${process.pid}`;
  const common = {
    REDIS_URL: redis.url,
    S3_ENDPOINT: s3.endpoint,
    S3_ACCESS_KEY: s3.accessKey,
    S3_SECRET_KEY: s3.secretKey,
    S3_BUCKET: 'images',
    S3_REGION: s3.region,
  };
  try {
    start(engine, 'gateway', `${run}-gateway`, {
      ...common,
      HOST: '127.0.0.1',
      PORT: String(port),
      AUTH: 'keys',
      ONEGIN_ADMIN_KEY: KEY,
    });
    for (const service of ['orchestrator', 'plotter', 'trainer'] as const)
      start(engine, service, `${run}-${service}`, { ...common, HEALTH_PORT: String(await freePort()) });
    const address = `http://127.0.0.1:${port}`;
    for (
      let i = 0;
      i < 240 &&
      !(await fetch(`${address}/ready`).then(
        (r) => r.ok,
        () => false,
      ));
      i++
    )
      await delay(500);
    check('without a key nobody is let in', (await fetch(`${address}/api/jobs`)).status === 401);
    // What `helm test` runs, in the image that it runs in.
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
    args.push('--env', `ONEGIN_URL=${address}`, '--env', `ONEGIN_KEY=${KEY}`, '--env', 'TIMEOUT_SECONDS=900');
    const study = engine.try([...args, `onegin/gateway:${TAG}`, 'node', '/test/study-test.mjs'], {
      timeoutMs: 1_000_000,
    });
    check('a study runs from request to model', study.ok, study.output.trim().split('\n').slice(-1)[0]);
    if (!study.ok)
      for (const service of SERVICES) console.log(engine.run(['logs', '--tail', '20', `${run}-${service}`]));
    const headers = { authorization: `Bearer ${KEY}` };
    const trainers = (await (await fetch(`${address}/api/trainers`, { headers })).json()) as unknown;
    check('the trainer has native TensorFlow', JSON.stringify(trainers).includes('"engine":"native"'));
    const page = await (await fetch(address)).text();
    check(
      'the gateway serves the web UI',
      /<on-root|<script[^>]+type="module"/.test(page),
      `${page.length} characters`,
    );
    for (const service of SERVICES) {
      engine.run(['stop', '--time', '60', `${run}-${service}`], { timeoutMs: 90_000 });
      const status = engine.run(['inspect', '-f', '{{.State.ExitCode}}', `${run}-${service}`]);
      check(`${service} ends in order on SIGTERM as process 1`, status === '0', `status ${status}`);
    }
  } finally {
    for (const service of SERVICES) engine.try(['rm', '--force', `${run}-${service}`]);
    await s3.stop();
    await redis.remove();
  }
}

const kept = process.argv[process.argv.indexOf('--keep') + 1];
const keep = process.argv.includes('--keep') && kept !== undefined;
const folder = keep ? kept : mkdtempSync(join(tmpdir(), 'onegin-images-'));
mkdirSync(folder, { recursive: true });
const engine = await Engine.find(folder);
if (typeof engine === 'string') {
  console.log(`SKIPPED: ${engine}`);
} else {
  try {
    if (!process.argv.includes('--built'))
      buildImages(engine, baseImage(engine, projectRoot, folder), buildContext(folder));
    await runStudy(engine);
  } catch (error) {
    check('the images', false, error instanceof Error ? error.message : String(error));
  } finally {
    await engine.stop();
    if (!keep) rmSync(folder, { recursive: true, force: true });
  }
  const failed = checks.filter(({ ok }) => !ok).length;
  console.log(`\n${checks.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}
