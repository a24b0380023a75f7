// Where the native binding lives inside @tensorflow/tfjs-node, whether it works, and the cache that spares
// a second clone the download and the build.
//
//   lib/napi-v8/tfjs_binding.node    the addon
//   deps/lib/libtensorflow*          the libraries it is linked with, found by its run path
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, link, mkdir, rename, rm, symlink, readlink, lstat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../system-packages.mjs';

/** Everything that belongs to a finished binding, relative to the package. */
const BINDING_PARTS = ['lib', join('deps', 'lib')];

/** Folder and version of the package as the project at `root` sees it; undefined when it isn't installed. */
export function findPackage(root) {
  const fromTraining = createRequire(join(root, 'packages', 'training', 'package.json'));
  try {
    const manifest = fromTraining.resolve('@tensorflow/tfjs-node/package.json');
    return { folder: dirname(manifest), manifest: JSON.parse(readFileSync(manifest, 'utf8')) };
  } catch {
    return undefined;
  }
}

/** The Node that the project pins, which is the one that will load the binding. */
export function pinnedNode(root) {
  const path = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(path) ? path : process.execPath;
}

/** Highest Node-API version that the package names and every supported Node has. */
export const napiFolder = (manifest) => `napi-v${Math.max(...manifest.binary.napi_versions)}`;

export function cacheFolder(env = process.env) {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'onegin');
}

/** Where the package's addon lies, once it is built. */
export const addonOf = (tfjsNode) =>
  join(tfjsNode.folder, 'lib', napiFolder(tfjsNode.manifest), 'tfjs_binding.node');

/**
 * Loads the binding in a child process of the pinned Node.
 * @returns {Promise<{ works: boolean, detail: string }>}
 */
export async function probeBinding(root, tfjsNode) {
  const addon = addonOf(tfjsNode);
  if (!existsSync(addon)) return { works: false, detail: 'not built yet' };
  const probe = join(dirname(fileURLToPath(import.meta.url)), 'probe-binding.cjs');
  const args = [probe, join(root, 'packages', 'training', 'package.json')];
  const result = await runProgram(pinnedNode(root), args, {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    timeoutMs: 120_000,
  });
  const answer = /\{"tensorflow".*\}/.exec(result.output)?.[0];
  if (result.ok && answer) {
    const { tensorflow, node } = JSON.parse(answer);
    return { works: true, detail: `TensorFlow ${tensorflow} through tfjs-node on Node ${node}` };
  }
  const line = result.output.split('\n').find((text) => /error|cannot|undefined symbol/i.test(text));
  return { works: false, detail: line?.trim() ?? 'its process ended without an answer' };
}

/** Copies a tree; files become hard links where the file system allows, since the library is 800 MB. */
async function linkTree(from, to) {
  await mkdir(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    const info = await lstat(source);
    if (info.isDirectory()) await linkTree(source, target);
    else if (info.isSymbolicLink()) await symlink(await readlink(source), target);
    else await link(source, target).catch(() => cp(source, target));
  }
}

const cachedBinding = (tfjsNode) =>
  join(
    cacheFolder(),
    `tfjs-node-${tfjsNode.manifest.version}-${process.platform}-${process.arch}-${napiFolder(tfjsNode.manifest)}`,
  );

export async function removeBinding(tfjsNode) {
  for (const part of BINDING_PARTS) await rm(join(tfjsNode.folder, part), { recursive: true, force: true });
}

/** Puts a finished binding from the cache into the package. @returns {Promise<boolean>} whether there was one */
export async function restoreFromCache(tfjsNode) {
  const cached = cachedBinding(tfjsNode);
  if (!existsSync(cached)) return false;
  await removeBinding(tfjsNode);
  for (const part of BINDING_PARTS) await linkTree(join(cached, part), join(tfjsNode.folder, part));
  return true;
}

/** Keeps the package's finished binding for the next clone. A full disk or a foreign folder costs only that. */
export async function storeInCache(tfjsNode, log) {
  const cached = cachedBinding(tfjsNode);
  const fresh = `${cached}.${process.pid}.new`;
  try {
    for (const part of BINDING_PARTS) await linkTree(join(tfjsNode.folder, part), join(fresh, part));
    await rm(cached, { recursive: true, force: true });
    await rename(fresh, cached);
    log(`kept for the next time in ${cached}`);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    log(`not kept for the next time: ${error.message}`);
  }
}

/** A cached binding that does not load here (another C library, say) must not be tried again and again. */
export const dropFromCache = (tfjsNode) => rm(cachedBinding(tfjsNode), { recursive: true, force: true });
