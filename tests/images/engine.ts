/** A container engine: one that runs already, else Debian's, started for the test and ended with it. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const DEBIAN_CLIENT = '/usr/bin/docker';

export class Engine {
  readonly #env: NodeJS.ProcessEnv;
  readonly #command: string;
  readonly #daemon: ChildProcess | undefined;

  private constructor(command: string, env: NodeJS.ProcessEnv, daemon?: ChildProcess) {
    this.#command = command;
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
    const client = existsSync(DEBIAN_CLIENT) ? DEBIAN_CLIENT : 'docker';
    if (spawnSync(client, ['info'], { env, timeout: 20_000 }).status === 0) return new Engine(client, env);
    if (process.getuid?.() !== 0) return 'no container engine runs, and starting one needs root';
    const installed = ensureDebianEngine();
    if (installed !== undefined) return installed;
    const host = `unix://${folder}/docker.sock`;
    const log = openSync(join(folder, 'dockerd.log'), 'w');
    const args = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')];
    args.push('--pidfile', join(folder, 'docker.pid'), '--host', host);
    // Host networking alone: no bridge, and the firewall is left alone.
    args.push('--bridge=none', '--iptables=false', '--ip6tables=false');
    const daemon = spawn('dockerd', args, { stdio: ['ignore', log, log] });
    const engine = new Engine(DEBIAN_CLIENT, { ...env, DOCKER_HOST: host }, daemon);
    for (let attempt = 0; attempt < 120 && daemon.exitCode === null; attempt++) {
      if (engine.try(['info']).ok) return engine;
      await delay(500);
    }
    await engine.stop();
    return `dockerd does not start here, see ${join(folder, 'dockerd.log')}`;
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

  /** @throws Error with the end of what the engine says */
  run(args: readonly string[], options: { timeoutMs?: number; cwd?: string } = {}): string {
    const { ok, output } = this.try(args, options);
    if (!ok) throw new Error(`docker ${args.slice(0, 2).join(' ')} failed:\n${output.slice(-4000)}`);
    return output.trim();
  }

  async stop(): Promise<void> {
    if (!this.#daemon || this.#daemon.exitCode !== null) return;
    const ended = once(this.#daemon, 'exit');
    this.#daemon.kill('SIGTERM');
    await ended;
  }
}

/** @returns why not, where it cannot be had */
function ensureDebianEngine(): string | undefined {
  const missing = [
    ['/usr/sbin/dockerd', 'docker.io'],
    ['/usr/sbin/debootstrap', 'debootstrap'],
  ].flatMap(([path, name]) => (existsSync(path!) ? [] : [name!]));
  if (missing.length === 0) return undefined;
  if (!existsSync('/usr/bin/apt-get'))
    return `there is no container engine, and no apt-get to install ${missing.join(' and ')}`;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-q'], { env });
  const result = spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], {
    env,
    encoding: 'utf8',
  });
  return result.status === 0
    ? undefined
    : `apt-get cannot install ${missing.join(' and ')}: ${result.stderr.slice(-300)}`;
}
