// Finds or builds one helm of each major version that the chart works with, for `npm run test:cluster`: the one that
// tools/install-helm.mjs finds, and the other from ~/.cache/onegin (or $XDG_CACHE_HOME/onegin), else with Go from its
// module (minutes, once). Plain JavaScript for any Node >= 20.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { goInstall } from './go-install.mjs';
import { installHelm } from './install-helm.mjs';
import { invokedDirectly } from './invoked-directly.mjs';
import { withLock } from './lock-folder.mjs';
import { findCommand } from './system-packages.mjs';
import { cacheFolder } from './tensorflow/binding-files.mjs';

const VERSIONS = { 3: 'v3.22.0', 4: 'v4.3.1' };
const LIMIT_MS = 30 * 60_000;

/** @returns {number} 3 or 4 */
export function majorOf(helm) {
  const { stdout } = spawnSync(helm, ['version', '--short'], { encoding: 'utf8' });
  const major = Number(/^v(\d+)\./.exec(stdout ?? '')?.[1]);
  if (!(major in VERSIONS)) throw new Error(`${helm}: expected version 3 or 4, found ${stdout}`);
  return major;
}

const builtPath = (version) =>
  join(cacheFolder(), `helm-${version}-${process.platform}-${process.arch}`, 'helm');

async function build(major, log) {
  const go = findCommand('go');
  if (!go)
    throw new Error(`building helm ${major} needs Go (https://go.dev/dl); there is no \`go\` on the path`);
  const version = VERSIONS[major];
  log(`building helm ${version} with Go; this takes minutes, once`);
  await goInstall(go, {
    module: `helm.sh/helm/v${major}/cmd/helm@${version}`,
    target: builtPath(version),
    // By itself a helm of Go's says v3.0 or v4.0 of itself.
    ldflags: `-s -w -X helm.sh/helm/v${major}/internal/version.version=${version}`,
    timeoutMs: LIMIT_MS,
  });
}

/**
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<{ 3: string, 4: string, kubectl: string }>} their paths
 * @throws Error saying why one is not available
 */
export async function installBothHelms({ log = () => {} } = {}) {
  const { helm, kubectl } = await installHelm({ log });
  const present = majorOf(helm);
  const other = present === 3 ? 4 : 3;
  const path = builtPath(VERSIONS[other]);
  if (!existsSync(path))
    await withLock(join(cacheFolder(), `helm-${other}.lock`), log, async () => {
      if (!existsSync(path)) await build(other, log);
    });
  return { [present]: helm, [other]: path, kubectl };
}

if (invokedDirectly(import.meta.url))
  console.log(JSON.stringify(await installBothHelms({ log: (line) => console.log(`helm: ${line}`) })));
