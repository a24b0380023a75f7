// The packages of package-lock.json, and the Node that the project pins as one of them.
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runProgram } from '../system-packages.mjs';
import { pinnedNode } from '../tensorflow/binding-files.mjs';
import { SetUpError } from './step.mjs';

const OLDEST_NODE = 20;
const OLDEST_NPM = 10;
const NPM_LIMIT_MS = 30 * 60_000;
/** npm says the reason first, then explains itself at length. */
const SHOWN_LINES = 20;

/** @throws SetUpError */
export function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (process.platform === 'win32')
    throw new SetUpError('Onegin runs on Linux and macOS; on Windows use it inside WSL.');
  if (major < OLDEST_NODE)
    throw new SetUpError(`Node ${OLDEST_NODE} or later is needed to begin, found ${process.version}.`);
}

/** The npm that runs us, or the one on the path. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script && /npm-cli\.c?js$/.test(script) && existsSync(script))
    return { command: process.execPath, args: [script] };
  return { command: 'npm', args: [] };
}

async function npm(root, ...args) {
  const { command, args: first } = npmCommand();
  // npm's own settings of the run that we are part of do not concern this one.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(config_ignore_scripts|lifecycle|package)/.test(name),
    ),
  );
  const result = await runProgram(command, [...first, ...args], { cwd: root, env, timeoutMs: NPM_LIMIT_MS });
  if (result.ok) return;
  const version = await runProgram(command, [...first, '--version'], { timeoutMs: 30_000 });
  const major = Number(/^(\d+)\./m.exec(version.output)?.[1] ?? 0);
  const old =
    major < OLDEST_NPM ? `\nnpm ${OLDEST_NPM} or later is needed, found ${version.output.trim()}.` : '';
  const lines = result.output.split('\n').filter((line) => line.trim() && !/^npm (warn|notice)/.test(line));
  const output = lines.slice(0, SHOWN_LINES).join('\n');
  throw new SetUpError(`npm ${args.join(' ')} failed:\n${output}${old}`);
}

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Whether everything that the lock names lies in node_modules; npm keeps a list of what it has put there. */
function isInstalled(root) {
  const list = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(list)) return false;
  const installed = readJson(list).packages;
  return Object.entries(readJson(join(root, 'package-lock.json')).packages).every(
    ([path, wanted]) =>
      // The root itself, and what is left out on this platform.
      path === '' || wanted.optional || wanted.devOptional || installed[path]?.version === wanted.version,
  );
}

/**
 * Whether the lock names every package that may be needed on some platform. npm leaves those out that the
 * registry did not have when the lock was written, and `npm ci` then refuses the lock; `npm install` takes the
 * same versions from it and looks up only what is missing.
 */
function isComplete(root) {
  const { packages } = readJson(join(root, 'package-lock.json'));
  const named = new Set(Object.keys(packages).map((path) => path.split('node_modules/').at(-1)));
  return Object.values(packages).every(({ optionalDependencies = {} }) =>
    Object.keys(optionalDependencies).every((name) => named.has(name)),
  );
}

/** @returns {Promise<{ detail: string, value: boolean }>} whether anything was installed */
export async function installPackages(root, log) {
  if (isInstalled(root)) return { detail: 'up to date', value: false };
  const command = isComplete(root) ? ['ci'] : ['install', '--no-save'];
  log(`npm ${command.join(' ')}`);
  await npm(root, ...command, '--no-audit', '--no-fund');
  return { detail: 'installed', value: true };
}

/** @returns {Promise<{ detail: string, value: string }>} the path of the Node that runs everything */
export async function installPinnedNode(root, log) {
  const { version } = readJson(join(root, 'node_modules', 'node', 'package.json'));
  const path = join(root, 'node_modules', 'node', 'bin', 'node');
  const found = async () =>
    existsSync(path) ? (await runProgram(path, ['--version'], { timeoutMs: 30_000 })).output.trim() : '';
  if ((await found()) === `v${version}`) return { detail: version, value: pinnedNode(root) };
  log(`npm rebuild node (${version})`);
  // The one install script that is let run, see .npmrc.
  await npm(root, 'rebuild', 'node', '--ignore-scripts=false');
  const now = await found();
  if (now !== `v${version}`)
    throw new SetUpError(`Node ${version} was installed but does not run here: ${now || `no ${path}`}`);
  return { detail: `${version} installed`, value: pinnedNode(root) };
}

/** The environment in which `node` means the pinned one. */
export function withPinnedNode(root, env = process.env) {
  return { ...env, PATH: [join(root, 'node_modules', '.bin'), env.PATH].filter(Boolean).join(delimiter) };
}
