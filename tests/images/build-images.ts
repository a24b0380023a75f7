/** Every Dockerfile, one after the other. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BaseImages } from './base-image.ts';
import { check } from './checks.ts';
import type { Engine } from './engine.ts';

const TAG = 'test';
const BUILD_LIMIT_MS = 40 * 60_000;

export const imageOf = (name: string): string => `onegin/${name}:${TAG}`;

export const dockerfiles = (root: string): string[] =>
  readdirSync(join(root, 'docker'))
    .filter((file) => file.endsWith('.Dockerfile'))
    .map((file) => file.replace('.Dockerfile', ''));

/** Only what git knows: a working tree holds gigabytes that no image needs. */
export function buildContext(root: string, folder: string): string {
  const context = join(folder, 'context');
  rmSync(context, { recursive: true, force: true });
  mkdirSync(context, { recursive: true });
  const line = `git ls-files -co --exclude-standard -z | xargs -0 tar cf - --ignore-failed-read | tar xf - -C "${context}"`;
  const copy = spawnSync('sh', ['-c', line], { cwd: root, encoding: 'utf8' });
  if (copy.status !== 0) throw new Error(`the sources cannot be copied: ${copy.stderr}`);
  return context;
}

const mb = (bytes: number): number => Math.round(bytes / 1e6);

export function buildImage(engine: Engine, name: string, base: BaseImages, context: string): void {
  const startedAt = Date.now();
  const args = ['build', '--network', 'host'];
  for (const [argument, value] of Object.entries(base.args)) args.push('--build-arg', `${argument}=${value}`);
  args.push('-f', join('docker', `${name}.Dockerfile`), '-t', imageOf(name), '.');
  const { ok, output } = engine.try(args, { cwd: context, timeoutMs: BUILD_LIMIT_MS });
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  if (!ok) return check(`${imageOf(name)} is built`, false, output.slice(-4000));
  const inspect = (image: string, what: string): string =>
    engine.run(['image', 'inspect', '-f', `{{${what}}}`, image]);
  const bytes = Number(inspect(imageOf(name), '.Size'));
  const start = base.args[name === 'tensorboard' ? 'PYTHON_IMAGE' : 'NODE_IMAGE'] ?? base.node;
  const own = bytes - Number(inspect(start, '.Size'));
  const sizes = `${seconds} s, ${mb(bytes)} MB, of which ${mb(own)} MB are on top of ${start}`;
  check(`${imageOf(name)} is built`, true, sizes);
  const user = inspect(imageOf(name), '.Config.User');
  check(`${imageOf(name)} runs as another user than root`, /^[1-9]\d*:[1-9]\d*$/.test(user), user);
}
