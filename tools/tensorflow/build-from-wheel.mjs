// Builds the binding of tfjs-node against the libraries inside TensorFlow's Python wheel, for machines that
// reach a package index but not the download of tfjs-node. Node-API keeps one binary interface for all Node
// versions, so that two sources and g++ with the headers of the package node-api-headers are enough.
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ensureSystemPackage, runProgram } from '../system-packages.mjs';
import { cacheFolder, napiFolder, removeBinding } from './binding-files.mjs';
import { fetchWheel } from './fetch-wheel.mjs';
import { extractFromZip } from './read-zip.mjs';

const TENSORFLOW_VERSION = '2.21.0';
/** The wheel without GPU code; there is none of it for arm64, where the plain one has no GPU code either. */
const wheelProject = (gpu) => (gpu || process.arch === 'arm64' ? 'tensorflow' : 'tensorflow-cpu');
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];

/** What of the wheel goes where below `deps`. */
export function placeOfWheelEntry(name, deps) {
  const path = name.replace(/^tensorflow\//, '');
  if (path.split('/').includes('..')) return undefined;
  if (LIBRARIES.includes(path)) return join(deps, 'lib', path);
  return /^include\/(tensorflow\/c|tensorflow\/core\/platform|xla\/tsl\/c|tsl\/platform)\/.*\.h$/.test(path)
    ? join(deps, path)
    : undefined;
}

async function unpackWheel(wheel, deps) {
  rmSync(deps, { recursive: true, force: true });
  const files = await extractFromZip(wheel, (name) => placeOfWheelEntry(name, deps));
  if (files <= LIBRARIES.length) throw new Error(`${wheel} holds no TensorFlow libraries and headers`);
  symlinkSync(LIBRARIES[0], join(deps, 'lib', 'libtensorflow.so'));
  symlinkSync(LIBRARIES[1], join(deps, 'lib', 'libtensorflow_framework.so'));
}

async function compile(root, tfjsNode, compiler) {
  const fromRoot = createRequire(join(root, 'package.json'));
  const nodeHeaders = join(dirname(fromRoot.resolve('node-api-headers/package.json')), 'include');
  const folder = join(tfjsNode.folder, 'lib', napiFolder(tfjsNode.manifest));
  mkdirSync(folder, { recursive: true });
  const version = napiFolder(tfjsNode.manifest).replace('napi-v', '');
  const args = ['-shared', '-fPIC', '-O2', '-std=c++17', `-DNAPI_VERSION=${version}`, '-w'];
  args.push('-I', nodeHeaders, '-I', tfjsNode.folder, '-I', join(tfjsNode.folder, 'deps', 'include'));
  args.push('binding/tfjs_backend.cc', 'binding/tfjs_binding.cc', '-o', join(folder, 'tfjs_binding.node'));
  args.push('-L', join('deps', 'lib'), '-ltensorflow', '-ltensorflow_framework');
  args.push('-Wl,-rpath,$ORIGIN/../../deps/lib');
  const result = await runProgram(compiler, args, { cwd: tfjsNode.folder, timeoutMs: 600_000 });
  if (!result.ok)
    throw new Error(
      `g++ failed: ${
        result.output
          .trim()
          .split('\n')
          .find((line) => line.includes('error')) ?? result.output
      }`,
    );
}

/**
 * Fetches the wheel, lays its libraries out inside the package and compiles the addon. Throws with a
 * sentence for the user when one of these is out of reach; nothing half-built stays behind.
 */
export async function buildFromWheel(root, tfjsNode, { log, step, usePip, gpu = false }) {
  const compiler = await ensureSystemPackage({ command: 'g++', aptName: 'g++', log });
  if (!compiler.available) throw new Error(compiler.detail);
  const downloads = join(cacheFolder(), `wheel-${process.pid}`);
  mkdirSync(downloads, { recursive: true });
  const project = wheelProject(gpu);
  const wanted = { project, version: TENSORFLOW_VERSION, folder: downloads, log, usePip };
  try {
    const wheel = await step(`fetch the wheel ${project} ${TENSORFLOW_VERSION} (${gpu ? 600 : 274} MB)`, () =>
      fetchWheel(wanted),
    );
    await step('unpack its libraries', () => unpackWheel(wheel, join(tfjsNode.folder, 'deps')));
    await step('compile the binding with g++', () => compile(root, tfjsNode, compiler.path));
  } catch (error) {
    await removeBinding(tfjsNode);
    throw error;
  } finally {
    rmSync(downloads, { recursive: true, force: true });
  }
}
