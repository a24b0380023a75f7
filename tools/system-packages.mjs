// Programs of the operating system that the set-up needs (a compiler, redis-server): used when they are on
// the path, installed with apt when that may be done, otherwise named with the command to type.
// Plain JavaScript: runs on any Node >= 20, before anything is installed.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a command lies on the path, or undefined. */
export function findCommand(command) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, command);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** Groups of running programs; they do not get the terminal's Ctrl-C, so it is passed on. */
const running = new Set();

function endAll(signal) {
  // Not SIGKILL: a package manager that is cut off leaves its work half done.
  for (const pid of running) killGroup(pid, 'SIGTERM');
  process.exit(signal === 'SIGINT' ? 130 : 143);
}

function killGroup(pid, signal = 'SIGKILL') {
  try {
    process.kill(-pid, signal);
  } catch {
    // Gone already.
  }
}

function follow(pid) {
  if (running.size === 0) for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, endAll);
  running.add(pid);
}

function unfollow(pid) {
  if (running.delete(pid) && running.size === 0)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeListener(signal, endAll);
}

/**
 * Runs a program to its end and never throws for its failure.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<{ ok: boolean, output: string, timedOut: boolean }>} `output` holds the last 64 KiB of both streams
 */
export function runProgram(command, args, { cwd, env = process.env, timeoutMs = 600_000 } = {}) {
  return new Promise((resolve) => {
    let output = '';
    let timedOut = false;
    // A group of its own, so that the time limit also ends what the program started.
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    if (child.pid) follow(child.pid);
    const collect = (chunk) => {
      output = (output + chunk).slice(-65_536);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const timer = setTimeout(() => {
      timedOut = true;
      killGroup(child.pid);
    }, timeoutMs);
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ ok: false, output: error.message, timedOut });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      unfollow(child.pid);
      resolve({ ok: code === 0, output, timedOut });
    });
  });
}

/** How to become root for apt: [] when we are, ['sudo', '-n'] when it asks no password, undefined otherwise. */
async function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  if (findCommand('sudo') && (await runProgram('sudo', ['-n', 'true'], { timeoutMs: 10_000 })).ok) {
    return ['sudo', '-n'];
  }
  return undefined;
}

/** The command that a person would type to install a package here. */
export function installHint(aptName, brewName = aptName) {
  if (process.platform === 'darwin') return `brew install ${brewName}`;
  return `${process.getuid?.() === 0 ? '' : 'sudo '}apt-get install -y ${aptName}`;
}

const lastLine = (output) => output.trim().split('\n').at(-1);

let listsAreFresh = false;

/**
 * Makes sure that `command` is on the path.
 *
 * @param {{ command: string, aptName: string, brewName?: string, log?: (line: string) => void }} wanted
 * @returns {Promise<{ available: boolean, path?: string, installed: boolean, detail: string }>}
 *   `detail` is a sentence for the user; when the command is missing it holds the command to type.
 */
export async function ensureSystemPackage({ command, aptName, brewName, log = () => {} }) {
  const present = findCommand(command);
  if (present) return { available: true, path: present, installed: false, detail: `${command} is there` };

  const missing = (why) => ({
    available: false,
    installed: false,
    detail: `${command} is missing and ${why}. Install it with: ${installHint(aptName, brewName)}`,
  });
  const brew = process.platform === 'darwin' ? findCommand('brew') : undefined;
  if (brew) {
    log(`installing ${brewName ?? aptName} with brew`);
    const result = await runProgram(brew, ['install', brewName ?? aptName]);
    const path = findCommand(command);
    if (!result.ok || !path) return missing(`brew could not install it (${lastLine(result.output)})`);
    return { available: true, path, installed: true, detail: `${command} was installed with brew` };
  }
  if (!findCommand('apt-get')) return missing('there is no apt-get here to install it with');
  const prefix = await rootPrefix();
  if (!prefix) return missing('installing it needs root or a sudo without password');

  const apt = (...args) => {
    const line = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return runProgram(line[0], line.slice(1));
  };
  const startedAt = Date.now();
  log(`installing ${aptName} with apt-get`);
  if (!listsAreFresh) {
    // A failure here is not the end: the lists on disk may do.
    await apt('update', '-q');
    listsAreFresh = true;
  }
  const result = await apt('install', '-y', '-q', '--no-install-recommends', aptName);
  const path = findCommand(command);
  if (!result.ok || !path) {
    return missing(`apt-get could not install it (${lastLine(result.output)})`);
  }
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  log(`installed ${aptName} (${seconds} s)`);
  return { available: true, path, installed: true, detail: `${command} was installed with apt-get` };
}
