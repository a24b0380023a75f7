import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { OneginError } from '@onegin/contracts';

/** Below those that systems hand out by themselves, which may be gone again before the service takes them. */
const CHOSEN = { from: 20_000, to: 30_000 };
const TRIES = 100;

/** A port that nobody uses at this moment, and that nobody is given who does not ask for it. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let i = 0; i < TRIES; i++)
    try {
      return await listenOnce(randomInt(CHOSEN.from, CHOSEN.to), host);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    }
  return listenOnce(0, host);
}

/**
 * @throws OneginError `port-in-use` with what to do, when the port is taken or may not be used
 */
export async function checkPort(port: number, host: string): Promise<void> {
  try {
    await listenOnce(port, host);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'EADDRINUSE'
        ? 'is taken by another program'
        : code === 'EACCES'
          ? 'may not be used by this user'
          : `cannot be used on ${host} (${(error as Error).message})`;
    throw new OneginError('port-in-use', `port ${port} ${why}: choose another one with --port`, {
      cause: error,
    });
  }
}

async function listenOnce(port: number, host: string): Promise<number> {
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the system gives no port');
  return address.port;
}
