#!/usr/bin/env node
// Installs the native TensorFlow binding of @tensorflow/tfjs-node, whose own install script is kept from
// running during `npm ci` because it fails the whole install wherever its download is out of reach.
// Plain JavaScript for any Node >= 20. In this order, each step printed with its time:
//   1. nothing, when a binding is there and loads;
//   2. the finished binding that an earlier run kept in ~/.cache/onegin (or $XDG_CACHE_HOME/onegin);
//   3. the package's own installer, when its download answers;
//   4. libtensorflow from the Python wheel, and the addon compiled against it;
//   5. otherwise the WASM engine, which needs nothing, and a sentence that says why.
// As a program it ends with one line of JSON, {"engine":"native"|"wasm","detail":"…"}, and status 0.
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  dropFromCache,
  findPackage,
  pinnedNode,
  probeBinding,
  removeBinding,
  restoreFromCache,
  storeInCache,
} from './tensorflow/binding-files.mjs';
import { buildFromWheel } from './tensorflow/build-from-wheel.mjs';
import { runProgram } from './system-packages.mjs';

const PROJECT_ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const REACH_LIMIT_MS = 8_000;
const INSTALLER_LIMIT_MS = 600_000;

/** Whether the host that the package downloads from answers at all; a black hole would cost minutes. */
async function downloadAnswers(tfjsNode) {
  const { env } = process;
  const own = env.TFJS_NODE_CDN_STORAGE ?? env.CDN_STORAGE ?? env.TFJS_NODE_BASE_URI;
  // fetch() does not go through a proxy, the installer does.
  if (own || env.HTTPS_PROXY || env.https_proxy) return true;
  try {
    await fetch(tfjsNode.manifest.binary.host, {
      method: 'HEAD',
      signal: AbortSignal.timeout(REACH_LIMIT_MS),
    });
    return true;
  } catch {
    return false;
  }
}

async function runOwnInstaller(root, tfjsNode) {
  if (!(await downloadAnswers(tfjsNode))) {
    throw new Error(`${new URL(tfjsNode.manifest.binary.host).host} does not answer`);
  }
  const bin = join(root, 'node_modules', '.bin');
  const result = await runProgram(pinnedNode(root), [join('scripts', 'install.js')], {
    cwd: tfjsNode.folder,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
    timeoutMs: INSTALLER_LIMIT_MS,
  });
  if (result.timedOut) throw new Error(`not finished after ${INSTALLER_LIMIT_MS / 60_000} minutes`);
  if (!result.ok) throw new Error(result.output.trim().split('\n').at(-1));
}

/** Runs one named step and prints how it went and how long it took. */
const stepWith = (log) => async (name, work) => {
  const startedAt = performance.now();
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1);
  try {
    const result = await work();
    log(`${name}: done (${seconds()} s)`);
    return result;
  } catch (error) {
    log(`${name}: ${error.message} (${seconds()} s)`);
    throw error;
  }
};

/**
 * @param {{ log?: (line: string) => void, root?: string, useCache?: boolean, usePip?: boolean, gpu?: boolean }} [options]
 *   `root` is a checkout with installed dependencies; `useCache: false` builds it again; `gpu` takes the library for
 *   CUDA from the wheel and nothing else.
 * @returns {Promise<{ engine: 'native' | 'wasm', detail: string }>}
 */
export async function installTensorflow({
  log = () => {},
  root = PROJECT_ROOT,
  useCache = true,
  usePip,
  gpu = false,
} = {}) {
  const wasm = (why) => {
    const detail = `the WASM engine will be used, ten to twenty times slower than native TensorFlow: ${why}`;
    log(detail);
    return { engine: 'wasm', detail };
  };
  const tfjsNode = findPackage(root);
  if (!tfjsNode) return wasm('the package @tensorflow/tfjs-node is not installed');
  const step = stepWith(log);
  const verified = async () => {
    const probe = await probeBinding(root, tfjsNode);
    if (!probe.works) throw new Error(`the binding does not load: ${probe.detail}`);
    return probe.detail;
  };

  const present = await probeBinding(root, tfjsNode);
  if (present.works) return { engine: 'native', detail: present.detail };

  const ways = [
    ['TensorFlow from its Python wheel', () => buildFromWheel(root, tfjsNode, { log, step, usePip, gpu })],
  ];
  if (!gpu) ways.unshift(['the package’s own installer', () => runOwnInstaller(root, tfjsNode)]);
  if (useCache && !gpu) {
    const fromCache = async () => {
      if (!(await restoreFromCache(tfjsNode))) throw new Error('nothing kept yet');
    };
    ways.unshift(['the binding kept from an earlier set-up', fromCache]);
  }
  const problems = [];
  for (const [name, work] of ways) {
    try {
      const detail = await step(name, () => work().then(verified));
      const cameFromCache = name.includes('kept');
      if (useCache && !gpu && !cameFromCache) await storeInCache(tfjsNode, log);
      log(detail);
      return { engine: 'native', detail };
    } catch (error) {
      problems.push(`${name}: ${error.message}`);
      if (name.includes('kept')) await dropFromCache(tfjsNode);
      await removeBinding(tfjsNode);
    }
  }
  return wasm(problems.join('; '));
}

if (
  process.argv[1] &&
  existsSync(process.argv[1]) &&
  resolve(process.argv[1]) === fileURLToPath(import.meta.url)
) {
  const result = await installTensorflow({
    log: (line) => console.log(`tensorflow: ${line}`),
    useCache: !process.argv.includes('--no-cache'),
    usePip: !process.argv.includes('--no-pip'),
    gpu: process.argv.includes('--gpu'),
  });
  console.log(JSON.stringify(result));
}
