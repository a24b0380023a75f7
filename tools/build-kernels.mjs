#!/usr/bin/env node
// Compiles the project's own TensorFlow operations (packages/training/kernels) for this machine's kind of processor,
// every instruction set that it may have in one addon. What is built from the same sources already is left alone.
// Plain JavaScript for any Node >= 20. As a program it ends with status 1 when there is no addon afterwards.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { invokedDirectly } from './invoked-directly.mjs';
import { projectRoot } from './project-root.mjs';
import { ensureSystemPackage, runProgram } from './system-packages.mjs';
import { addonOf, findPackage, pinnedNode } from './tensorflow/binding-files.mjs';

const ADDON = 'onegin_kernels.node';
/** Says what the addon beside it was built from. */
const NOTE = 'built-from.txt';
const FLAGS = [
  '-O3',
  '-std=c++17',
  '-fPIC',
  '-fno-math-errno',
  '-fvisibility=hidden',
  '-Wall',
  '-Wextra',
  '-DNAPI_VERSION=8',
];

/** Instruction sets of a processor family: a namespace, a name for people, and the compiler's flags. */
const INSTRUCTION_SETS = {
  x64: [
    { isa: 'avx512', name: 'AVX-512', flags: ['-march=x86-64-v4', '-mprefer-vector-width=512'] },
    { isa: 'avx2', name: 'AVX2', flags: ['-march=x86-64-v3'] },
  ],
  arm64: [{ isa: 'portable', name: 'NEON', flags: [] }],
};
/** Sources that are compiled once for each instruction set. */
const PER_SET = ['conv-block.cc', 'kernels.cc', 'lstm.cc', 'norm-block.cc'];

const sourcesIn = (folder) =>
  readdirSync(folder)
    .filter((name) => /\.(cc|h)$/.test(name))
    .sort();

function fingerprint(folder, sets) {
  const hash = createHash('sha256').update(JSON.stringify([FLAGS, sets, process.arch]));
  for (const name of sourcesIn(folder)) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest('hex');
}

async function compile(compiler, args, cwd) {
  const result = await runProgram(compiler, args, { cwd, timeoutMs: 300_000 });
  if (result.ok) return;
  const lines = result.output.trim().split('\n');
  throw new Error(`g++ failed: ${lines.find((line) => line.includes('error')) ?? lines.at(-1)}`);
}

/** Everything to an object file of its own, then all into the addon. */
async function build({ compiler, folder, to, sets, headers, libraries }) {
  const shared = sourcesIn(folder).filter((name) => name.endsWith('.cc') && !PER_SET.includes(name));
  const units = [
    ...PER_SET.flatMap((source) => sets.map((set) => ({ source, ...set }))),
    ...shared.map((source) => ({ source, isa: '', name: '', flags: [] })),
  ].map((unit) => ({ ...unit, object: join(to, `${unit.source}.${unit.isa}.o`) }));
  await Promise.all(
    units.map(({ source, isa, name, flags, object }) => {
      const set = isa ? [`-DONEGIN_ISA=${isa}`, `-DONEGIN_ISA_NAME="${name}"`] : [];
      return compile(
        compiler,
        [...FLAGS, ...flags, ...set, '-I', headers, '-c', source, '-o', object],
        folder,
      );
    }),
  );
  // TensorFlow's library is in the process already when the addon is loaded, found by its name.
  const link = ['-shared', ...units.map(({ object }) => object), '-o', join(to, ADDON), '-pthread'];
  await compile(compiler, [...link, '-L', libraries, '-l:libtensorflow_framework.so.2'], folder);
}

/** @throws Error when the addon does not load into TensorFlow, with the loader's words */
async function probe(root, tfjsNode, addon) {
  const program = join(root, 'tools', 'tensorflow', 'probe-kernels.cjs');
  const result = await runProgram(pinnedNode(root), [program, addonOf(tfjsNode), addon], {
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
    timeoutMs: 120_000,
  });
  if (result.ok) return;
  const lines = result.output.split('\n');
  throw new Error(
    `they do not load: ${lines.find((line) => /error|undefined symbol/i.test(line)) ?? lines.at(-1)}`,
  );
}

/**
 * @param {{ root?: string, log?: (line: string) => void }} [options] `root` has TensorFlow's binding installed
 * @returns {Promise<{ built: boolean, detail: string }>} whether there is an addon now; never throws for a compiler
 */
export async function buildKernels({ root = projectRoot, log = () => {} } = {}) {
  const without = (why) => ({ built: false, detail: `TensorFlow’s own operations will be used: ${why}` });
  const sets = INSTRUCTION_SETS[process.arch];
  if (process.platform !== 'linux' || !sets)
    return without(
      `the kernels are written for Linux on x64 and arm64, not ${process.platform} on ${process.arch}`,
    );
  const folder = join(root, 'packages', 'training', 'kernels');
  const into = join(folder, 'build');
  const wanted = fingerprint(folder, sets);
  const names = sets.map(({ name }) => name).join(' and ');
  if (
    existsSync(join(into, ADDON)) &&
    existsSync(join(into, NOTE)) &&
    readFileSync(join(into, NOTE), 'utf8') === wanted
  )
    return { built: true, detail: `built for ${names}` };
  const tfjsNode = findPackage(root);
  const libraries = tfjsNode && join(tfjsNode.folder, 'deps', 'lib');
  if (!libraries || !existsSync(join(libraries, 'libtensorflow_framework.so.2')))
    return without('native TensorFlow is not installed');
  const compiler = await ensureSystemPackage({ command: 'g++', aptName: 'g++', log });
  if (!compiler.available) return without(compiler.detail);
  const fromRoot = createRequire(join(root, 'package.json'));
  const headers = join(dirname(fromRoot.resolve('node-api-headers/package.json')), 'include');
  const fresh = `${into}.${process.pid}.new`;
  mkdirSync(fresh, { recursive: true });
  try {
    await build({ compiler: compiler.path, folder, to: fresh, sets, headers, libraries });
    await probe(root, tfjsNode, join(fresh, ADDON));
    for (const name of readdirSync(fresh)) if (name !== ADDON) rmSync(join(fresh, name));
    writeFileSync(join(fresh, NOTE), wanted);
    rmSync(into, { recursive: true, force: true });
    renameSync(fresh, into);
    return { built: true, detail: `compiled for ${names}` };
  } catch (error) {
    rmSync(into, { recursive: true, force: true });
    return without(error.message);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

if (invokedDirectly(import.meta.url)) {
  const { built, detail } = await buildKernels({ log: (line) => console.log(`kernels: ${line}`) });
  console.log(`kernels: ${detail}`);
  if (!built) process.exitCode = 1;
}
