/** The stack's own Redis: on loopback with a random password, every write in its append-only file. */
import { randomBytes } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { OneginError } from '@onegin/contracts';
import type { ProgramSpec } from './managed-process.ts';

export interface OwnRedis {
  url: string;
  spec: ProgramSpec;
  /** Whether it answers and has read its file. */
  isReady(): Promise<boolean>;
}

const GRACE_MS = 10_000;

/** @throws OneginError `redis-unavailable` when there is no program for it, with the command to type */
export function ownRedis(options: {
  port: number;
  directory: string;
  rank: number;
  env: Readonly<Record<string, string | undefined>>;
}): OwnRedis {
  const { port, directory, rank, env } = options;
  const password = randomBytes(24).toString('hex');
  const config = [
    `port ${port}`,
    'bind 127.0.0.1',
    `requirepass ${password}`,
    `dir ${JSON.stringify(directory)}`,
    'appendonly yes',
    'appendfsync everysec',
    // The append-only file is enough; snapshots beside it would write everything twice.
    'save ""',
    'maxmemory-policy noeviction',
    'daemonize no',
    'loglevel warning',
  ];
  return {
    url: `redis://:${password}@127.0.0.1:${port}`,
    spec: {
      name: 'redis',
      command: redisProgram(env.PATH ?? ''),
      // From standard input, so that the password is not seen among the system's processes.
      args: ['-'],
      input: config.join('\n'),
      env,
      rank,
      graceMs: GRACE_MS,
    },
    isReady: () => answersPing(port, password),
  };
}

function redisProgram(path: string): string {
  for (const name of ['redis-server', 'valkey-server'])
    for (const folder of path.split(delimiter).filter(Boolean)) {
      const program = join(folder, name);
      try {
        accessSync(program, constants.X_OK);
        return program;
      } catch {
        // Not in this folder.
      }
    }
  const command =
    process.platform === 'darwin' ? 'brew install redis' : 'sudo apt-get install -y redis-server';
  throw new OneginError(
    'redis-unavailable',
    `there is no redis-server on the path. Install it with: ${command}; or point REDIS_URL at one that runs`,
  );
}

async function answersPing(port: number, password: string): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(2000, () => socket.destroy());
  try {
    await once(socket, 'connect');
    socket.end(`AUTH ${password}\r\nPING\r\n`);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    // While it reads its file it answers LOADING.
    return answer === '+OK\r\n+PONG\r\n';
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
