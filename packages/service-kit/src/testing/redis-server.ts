/** A real redis-server for specs and benches: own port, own folder, may be stopped, killed and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** Ends it as a service manager would; its data stays. */
  stop(): Promise<void>;
  /** SIGKILL: what it had not written is lost. */
  kill(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing is answered, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Starts it again on the same port with the same data. */
  restart(): Promise<void>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

const STARTS_WITHIN_MS = 20_000;

/** @throws Error when there is no redis-server on the path: such a spec fails, it is not skipped. */
export async function startRedisServer(options: { args?: readonly string[] } = {}): Promise<RedisServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'onegin-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const args = ['--port', String(port), '--dir', folder, '--bind', '127.0.0.1', '--save', ''];
  args.push('--appendonly', 'yes', '--appendfsync', 'everysec', ...(options.args ?? []));
  let child: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    child = spawn('redis-server', args, { stdio: 'ignore' });
    await Promise.race([answers(url), failed(child)]);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = null;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const exited = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await exited;
  };

  await start();
  return {
    url,
    port,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    restart: async () => {
      await end('SIGTERM');
      await start();
    },
    remove: async () => {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Never resolves; rejects when the process cannot be started or ends by itself. */
function failed(child: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'ENOENT'
          ? new Error('redis-server is not on the path: install it (Debian: apt-get install redis-server)')
          : error,
      ),
    );
    child.once('exit', (code, signal) =>
      reject(new Error(`redis-server ended: ${signal ?? `exit ${code}`}`)),
    );
  });
}

async function answers(url: string): Promise<void> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  redis.on('error', () => undefined);
  const deadline = Date.now() + STARTS_WITHIN_MS;
  try {
    for (;;) {
      try {
        if (redis.status !== 'ready') await redis.connect();
        await redis.ping();
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await delay(50);
      }
    }
  } finally {
    redis.disconnect();
  }
}

/**
 * A port that nobody listens on, below those that the system hands out by itself: one of these may be gone again
 * before it is used.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 20_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}
