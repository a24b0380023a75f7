/** A container engine: one that runs already, else Debian's, started for the test and ended with it. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureSystemPackage } from '../../tools/system-packages.mjs';

/** Preferred to another one on the path: client and daemon are of one version. */
const DEBIAN_CLIENT = '/usr/bin/docker';
const clientCommand = (): string => (existsSync(DEBIAN_CLIENT) ? DEBIAN_CLIENT : 'docker');

/** One that was started for the test, with the folder where it keeps everything. */
interface Daemon {
  readonly process: ChildProcess;
  readonly folder: string;
}

export class Engine {
  readonly #env: NodeJS.ProcessEnv;
  readonly #command: string;
  readonly #daemon: Daemon | undefined;
  /** Which engine it is, for people. */
  readonly description: string;

  private constructor(command: string, env: NodeJS.ProcessEnv, description: string, daemon?: Daemon) {
    this.#command = command;
    this.description = description;
    this.#env = env;
    this.#daemon = daemon;
  }

  /**
   * @param folder where an engine that is started keeps everything
   * @returns why there is none, where there is none
   */
  static async find(folder: string): Promise<Engine | string> {
    // Legacy builder: it works without any further program.
    const env = { ...process.env, DOCKER_BUILDKIT: '0' };
    if (spawnSync(clientCommand(), ['info'], { env, timeout: 20_000 }).status === 0)
      return new Engine(clientCommand(), env, 'the container engine that runs here');
    if (process.getuid?.() !== 0)
      return 'no container engine runs, and starting one needs root: sudo npm run test:images';
    const missing = await ensureDebianEngine();
    if (missing !== undefined) return missing;
    // Layers as differences where the file system can, else as whole copies, which work everywhere and take room.
    for (const driver of ['overlay2', 'vfs']) {
      const engine = await Engine.#start(folder, driver, env);
      if (engine) return engine;
    }
    const log = join(folder, 'dockerd-vfs.log');
    return `dockerd does not start here: ${readFileSync(log, 'utf8').trim().split('\n').at(-1)}`;
  }

  static async #start(folder: string, driver: string, env: NodeJS.ProcessEnv): Promise<Engine | undefined> {
    const host = `unix://${folder}/docker.sock`;
    const log = openSync(join(folder, `dockerd-${driver}.log`), 'w');
    const args = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')];
    args.push('--pidfile', join(folder, 'docker.pid'), '--host', host, '--storage-driver', driver);
    // Host networking alone: no bridge, and the firewall is left alone.
    args.push('--bridge=none', '--iptables=false', '--ip6tables=false');
    const daemon = spawn('dockerd', args, { stdio: ['ignore', log, log] });
    closeSync(log);
    const description = `Debian's dockerd, started for this test, storage driver ${driver}`;
    const engine = new Engine(clientCommand(), { ...env, DOCKER_HOST: host }, description, {
      process: daemon,
      folder,
    });
    for (let attempt = 0; attempt < 120 && daemon.exitCode === null; attempt++) {
      if (engine.try(['info']).ok) return engine;
      await delay(500);
    }
    await engine.stop();
    return undefined;
  }

  try(
    args: readonly string[],
    options: { timeoutMs?: number; cwd?: string } = {},
  ): { ok: boolean; output: string } {
    const { timeoutMs = 60_000, cwd } = options;
    const result = spawnSync(this.#command, args, {
      env: this.#env,
      encoding: 'utf8',
      timeout: timeoutMs,
      cwd,
      maxBuffer: 64 * 1024 * 1024,
    });
    return { ok: result.status === 0, output: `${result.stdout ?? ''}${result.stderr ?? ''}` };
  }

  /** As `try`, while this process goes on with its connections. */
  async follow(args: readonly string[], timeoutMs: number): Promise<{ ok: boolean; output: string }> {
    const child = spawn(this.#command, args, { env: this.#env, timeout: timeoutMs });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [status] = (await once(child, 'close')) as [number | null];
    return { ok: status === 0, output };
  }

  /** @throws Error with the end of what the engine says */
  run(args: readonly string[], options: { timeoutMs?: number; cwd?: string } = {}): string {
    const { ok, output } = this.try(args, options);
    if (!ok) throw new Error(`docker ${args.slice(0, 2).join(' ')} failed:\n${output.slice(-4000)}`);
    return output.trim();
  }

  async stop(): Promise<void> {
    if (!this.#daemon) return;
    const { process, folder } = this.#daemon;
    if (process.exitCode === null) {
      const ended = once(process, 'exit');
      process.kill('SIGTERM');
      await ended;
    }
    unmountBelow(folder);
  }
}

/** dockerd leaves a network namespace mounted, and its folder could not be removed. */
function unmountBelow(folder: string): void {
  const mounted = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${folder}/`));
  for (const path of mounted.reverse()) spawnSync('umount', [path]);
}

/** @returns why not, with the command to type, where it is not available */
async function ensureDebianEngine(): Promise<string | undefined> {
  const log = (line: string): void => console.log(`set-up ${line}`);
  for (const [command, aptName] of [
    ['dockerd', 'docker.io'],
    ['debootstrap', 'debootstrap'],
  ] as const) {
    const { available, detail } = await ensureSystemPackage({ command, aptName, log });
    if (!available) return detail;
  }
  return undefined;
}
