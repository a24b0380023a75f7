/** `npm start` as people use it: a real npm, the real services, real signals. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const LIMIT_MS = 180_000;

interface Run {
  npm: ChildProcess;
  output: () => string;
  /** Resolves with the exit status; null when a signal ended npm itself. */
  ended: Promise<number | null>;
}

describe('npm start', () => {
  let dataDir: string;
  let run: Run | undefined;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'onegin-start-'));
  });
  afterEach(async () => {
    if (run?.npm.pid !== undefined) signalGroup(run.npm.pid, 'SIGTERM');
    while (processesOf(dataDir).length > 0) await sleep(100);
    await rm(dataDir, { recursive: true, force: true });
    run = undefined;
  }, LIMIT_MS);

  function start(port: number): Run {
    const args = ['start', '--', '--port', String(port), '--data', dataDir, '--trainers', '1', '--no-open'];
    // A group of its own stands for a terminal: a Ctrl-C goes to all of it.
    const npm = spawn('npm', args, { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [npm.stdout, npm.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = once(npm, 'exit').then(([code]: (number | null)[]) => code ?? null);
    return (run = { npm, output: () => output, ended });
  }

  async function whenReady({ output, ended }: Run): Promise<string> {
    let over = false;
    void ended.then(() => (over = true));
    for (;;) {
      const address = /ready at (http:\S+)/.exec(output())?.[1];
      if (address) return address;
      if (over) throw new Error(`npm start ended:\n${output()}`);
      await sleep(50);
    }
  }

  it(
    'says where it is, and a Ctrl-C in the terminal leaves no process',
    async () => {
      const { npm, output, ended } = start(0);
      const address = await whenReady({ npm, output, ended });
      expect((await fetch(`${address}/ready`)).status).toBe(200);
      expect(processesOf(dataDir).length).toBeGreaterThan(5);
      signalGroup(npm.pid!, 'SIGINT');
      await ended;
      while (processesOf(dataDir).length > 0) await sleep(50);
      expect(output()).toMatch(/onegin\s+│ stopped/);
      expect((await readdir(dataDir)).sort()).toEqual([
        'artifacts',
        'datasets',
        'prometheus-targets.json',
        'redis',
      ]);
    },
    LIMIT_MS,
  );

  it(
    'leaves no process when only npm is told to end',
    async () => {
      const started = start(0);
      await whenReady(started);
      started.npm.kill('SIGTERM');
      await started.ended;
      while (processesOf(dataDir).length > 0) await sleep(50);
      expect(await readdir(dataDir)).not.toContain('onegin.lock');
    },
    LIMIT_MS,
  );

  it(
    'says that the port is taken, and ends with a status that says so',
    async () => {
      const other = createServer().listen(0, '127.0.0.1');
      await once(other, 'listening');
      const { port } = other.address() as AddressInfo;
      const { output, ended } = start(port);
      expect(await ended).toBe(1);
      expect(output()).toContain(`port ${port} is taken by another program: choose another one with --port`);
      other.close();
    },
    LIMIT_MS,
  );
});

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Running processes that have the folder in their command line, environment or as what they were told. */
function processesOf(folder: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) => {
      try {
        if (/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return false;
        const told = ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8'));
        return told.some((text) => text.includes(folder));
      } catch {
        return false;
      }
    });
}
