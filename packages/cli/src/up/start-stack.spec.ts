import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { freePort } from './ports.ts';
import { processLives } from './process-group.ts';
import { startStack, type Stack, type StackOptions } from './start-stack.ts';
import { fakeServices } from './testing/fake-services.ts';

const LIMIT_MS = 60_000;

describe('a stack', () => {
  let dataDir: string;
  let lines: string[];
  const stacks: Stack[] = [];

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'onegin-stack-'));
    lines = [];
  });
  afterEach(async () => {
    await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
    await rm(dataDir, { recursive: true, force: true });
  }, LIMIT_MS);

  const options = (more: Partial<StackOptions> = {}): StackOptions => ({
    port: 0,
    dataDir,
    trainers: 1,
    log: (name, line) => lines.push(`${name}: ${line}`),
    env: process.env,
    services: (port) => fakeServices(port),
    ...more,
  });
  const start = async (more: Partial<StackOptions> = {}): Promise<Stack> => {
    const stack = await startStack(options(more));
    stacks.push(stack);
    return stack;
  };
  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await holds())) await sleep(20);
  };
  const pidOf = (stack: Stack, name: string): number => {
    const pid = stack.children.get(name)?.pid;
    if (pid === undefined) throw new Error(`${name} does not run`);
    return pid;
  };

  it(
    'is ready when all its programs are, and leaves no process and no lock when stopped',
    async () => {
      const stack = await start();
      expect([...stack.children.keys()].sort()).toEqual(
        ['gateway', 'orchestrator', 'plotter', 'redis', 'trainer-1'].sort(),
      );
      expect((await fetch(`${stack.address}/ready`)).status).toBe(200);
      expect(await readdir(join(dataDir, 'redis'))).toContain('appendonlydir');
      const pids = [...stack.children.keys()].map((name) => pidOf(stack, name));
      await stack.stop();
      expect(pids.filter(isRunning)).toEqual([]);
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
    'stops in order: gateway, orchestrator, trainers, plotter, and Redis last',
    async () => {
      const order: string[] = [];
      const stack = await start({
        log: (name, line) => {
          if (line === 'got SIGTERM' || line.includes('Redis is now ready to exit')) order.push(name);
        },
        services: (port) =>
          fakeServices(port, {
            gateway: ['slow'],
            orchestrator: ['slow'],
            'trainer-1': ['slow'],
            plotter: ['slow'],
          }),
      });
      await stack.stop();
      expect(order).toEqual(['gateway', 'orchestrator', 'trainer-1', 'plotter', 'redis']);
    },
    LIMIT_MS,
  );

  it(
    'kills what does not end on SIGTERM, and what that has started',
    async () => {
      const stack = await start({
        services: (port) =>
          fakeServices(port, { 'trainer-1': ['stubborn', 'parent'], orchestrator: ['parent'] }),
      });
      const children = (): number[] =>
        lines.flatMap((line) => /: child (\d+)$/.exec(line)?.slice(1).map(Number) ?? []);
      await until(() => children().length === 2);
      await stack.stop();
      expect(lines).toContain('trainer-1: did not end within 1 s of SIGTERM and is killed');
      await until(() => !children().some(isRunning));
    },
    LIMIT_MS,
  );

  it(
    'starts a program that was killed again, Redis with its data, and says so',
    async () => {
      const stack = await start();
      for (const name of ['gateway', 'redis']) {
        const pid = pidOf(stack, name);
        process.kill(pid, 'SIGKILL');
        const child = stack.children.get(name);
        await until(() => child?.pid !== undefined && child.pid !== pid);
        expect(lines).toContain(`${name}: ended by SIGKILL; it is started again in 0.25 s`);
      }
      await until(() =>
        fetch(`${stack.address}/ready`).then(
          (r) => r.ok,
          () => false,
        ),
      );
      expect(stack.children.get('gateway')?.unexpectedEnds).toBe(1);
      expect(stack.children.get('plotter')?.unexpectedEnds).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    'does not start with a program that ends again and again, shows its last lines and stops the others',
    async () => {
      const port = await freePort();
      const starting = startStack(
        options({ port, services: (p) => fakeServices(p, { plotter: ['broken'] }) }),
      );
      await expect(starting).rejects.toMatchObject({
        code: 'internal',
        message: expect.stringMatching(/plotter ends again and again.*\n.*there is something wrong here/),
      });
      await expect(fetch(`http://127.0.0.1:${port}/ready`)).rejects.toThrow();
      expect(await readdir(dataDir)).not.toContain('onegin.lock');
    },
    LIMIT_MS,
  );

  it('says that the port is taken, and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(startStack(options({ port }))).rejects.toMatchObject({
      code: 'port-in-use',
      message: `port ${port} is taken by another program: choose another one with --port`,
    });
    other.close();
  });

  it(
    'says that another one uses the data folder',
    async () => {
      await start();
      await expect(startStack(options())).rejects.toMatchObject({
        code: 'config-invalid',
        message: expect.stringContaining(
          `another Onegin (process ${process.pid}) uses the data folder ${dataDir}`,
        ),
      });
    },
    LIMIT_MS,
  );

  it(
    'takes over the folder of one that is gone',
    async () => {
      const gone = spawn('true');
      await once(gone, 'exit');
      await writeFile(join(dataDir, 'onegin.lock'), JSON.stringify({ supervisor: gone.pid }));
      await expect(start()).resolves.toBeDefined();
    },
    LIMIT_MS,
  );

  it('says that the data folder cannot be written', async () => {
    await writeFile(join(dataDir, 'file'), '');
    await expect(startStack(options({ dataDir: join(dataDir, 'file', 'below') }))).rejects.toMatchObject({
      code: 'storage-denied',
      message: expect.stringContaining('choose another folder with --data'),
    });
    if (process.getuid?.() === 0) return console.error('SKIPPED: root may write to folders of any mode');
    await chmod(dataDir, 0o500);
    await expect(startStack(options())).rejects.toMatchObject({ code: 'storage-denied' });
    await chmod(dataDir, 0o700);
  });

  it('says how to get a redis-server where there is none', async () => {
    await expect(startStack(options({ env: { PATH: dataDir } }))).rejects.toMatchObject({
      code: 'redis-unavailable',
      message: expect.stringMatching(/Install it with: (sudo apt-get|brew) install/),
    });
  });

  it(
    'is stopped while it starts',
    async () => {
      const asked = new AbortController();
      const starting = startStack(
        options({
          signal: asked.signal,
          services: (port) =>
            fakeServices(port).map((spec) => ({ ...spec, readyUrl: 'http://127.0.0.1:9/' })),
        }),
      );
      setTimeout(() => asked.abort(new Error('asked to stop')), 300);
      await expect(starting).rejects.toThrow('asked to stop');
      expect(await readdir(dataDir)).not.toContain('onegin.lock');
    },
    LIMIT_MS,
  );

  it(
    'ends in order when its supervisor was killed, and the next one waits for that',
    async () => {
      const main = join(import.meta.dirname, 'testing', 'supervisor-main.ts');
      const supervisor = spawn(process.execPath, [main, dataDir, String(await freePort())], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let pids: Record<string, number> = {};
      for await (const line of createInterface({ input: supervisor.stdout })) {
        lines.push(line);
        if (line.startsWith('PIDS ')) pids = JSON.parse(line.slice(5)) as Record<string, number>;
        if (Object.keys(pids).length > 0 && lines.some((l) => /: child \d+$/.test(l))) break;
      }
      expect(Object.keys(pids)).toHaveLength(5);
      const child = Number(lines.map((line) => /: child (\d+)$/.exec(line)?.[1]).find(Boolean));
      const ended = once(supervisor, 'exit');
      supervisor.kill('SIGKILL');
      await ended;
      // The stubborn trainer holds the folder for its grace period.
      const next = await start();
      expect([...Object.values(pids), child].filter(isRunning)).toEqual([]);
      await next.stop();
    },
    LIMIT_MS,
  );
});

/** A process that has ended but that nobody has taken note of yet (a zombie) does not run. */
function isRunning(pid: number): boolean {
  if (!processLives(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
