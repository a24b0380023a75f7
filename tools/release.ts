/**
 * The script `version` of npm: the version that `npm version` gave the root is given to all that names it, and what
 * CHANGELOG.md has under Unreleased becomes the release. npm commits and tags what is staged then.
 *
 *   npm run release -- minor
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { invokedDirectly } from './invoked-directly.mjs';
import { projectRoot } from './project-root.mjs';

interface Manifest {
  name?: string;
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

/** Manifests say the version of every workspace; documents and manifests of containers name the images. */
const MANIFESTS = /^(?:(?:packages|services)\/[^/]+|frontend)\/package\.json$/;
const WITH_IMAGES =
  /^(?:compose\.yaml|docker\/README\.md|docs\/kubernetes\.md|k8s\/.+|helm\/onegin\/Chart\.yaml)$/;

const git = (...args: string[]): string => execFileSync('git', args, { cwd: projectRoot, encoding: 'utf8' });
const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const readJson = <T>(text: string): T => JSON.parse(text) as T;

/** @throws Error when nothing stands under Unreleased: there would be nothing to release */
export function releasedChangelog(text: string, version: string, date: string): string {
  const [, news] = /^## \[Unreleased\]\n([\s\S]*?)(?=^## \[|(?![\s\S]))/m.exec(text) ?? [];
  if (!news?.trim()) throw new Error('CHANGELOG.md: expected changes under [Unreleased], found none');
  return text.replace('## [Unreleased]\n', `## [Unreleased]\n\n## [${version}] - ${date}\n`);
}

/** Writes the version into a manifest and, of what it depends on, into the project's own packages. */
function bump(manifest: Manifest, version: string, own: ReadonlySet<string>): void {
  manifest.version = version;
  for (const dependencies of [manifest.dependencies, manifest.devDependencies])
    for (const name of Object.keys(dependencies ?? {})) if (own.has(name)) dependencies![name] = version;
}

function release(): void {
  const { version } = readJson<Required<Manifest>>(read('package.json'));
  const files = git('ls-files').trim().split('\n');
  const manifests = files.filter((path) => MANIFESTS.test(path));
  const parsed = new Map(manifests.map((path) => [path, readJson<Required<Manifest>>(read(path))]));
  const own = new Set([...parsed.values()].map(({ name }) => name));
  const former = [...parsed.values()][0]!.version;
  const written = new Map<string, string>();

  for (const [path, manifest] of parsed) {
    bump(manifest, version, own);
    written.set(path, json(manifest));
  }
  const lock = readJson<Manifest & { packages: Record<string, Manifest> }>(read('package-lock.json'));
  for (const path of manifests) bump(lock.packages[path.replace('/package.json', '')]!, version, own);
  written.set('package-lock.json', json(lock));
  for (const path of files.filter((name) => WITH_IMAGES.test(name)))
    written.set(path, named(read(path), former, version));
  const date = new Date().toISOString().slice(0, 10);
  written.set('CHANGELOG.md', releasedChangelog(read('CHANGELOG.md'), version, date));

  for (const [path, text] of written) writeFileSync(join(projectRoot, path), text);
  git('add', '--', ...written.keys());
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The version behind an image's or the chart's name, and in the chart's own fields. */
function named(text: string, former: string, version: string): string {
  const before = /(onegin(?:\/[^\s:"`]+:|-)|^(?:appV|v)ersion: |kubernetes\.io\/version: "?)/.source;
  const escaped = former.replaceAll('.', '\\.');
  return text.replace(new RegExp(`${before}${escaped}(?![\\w.])`, 'gm'), `$1${version}`);
}

if (invokedDirectly(import.meta.url)) release();
