/** A real MinIO on a free port with a folder of its own, for tests. */
import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface TestS3Server {
  endpoint: string;
  region: string;
  accessKey: string;
  secretKey: string;
  /** `stand-in` where MinIO could not be installed; the output says so. */
  kind: 'minio' | 'stand-in';
  /** Ends it with SIGKILL; what was stored stays for `restart`. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same folder. */
  restart(): Promise<void>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

interface Program {
  kind: 'minio' | 'stand-in';
  command: string;
  args: string[];
  detail: string;
}

const REGION = 'eu-central-1';
const KEYS = { accessKey: 'onegin-test', secretKey: 'onegin-test-secret' };
const START_LIMIT_MS = 60_000;

/**
 * @param options.directory where it keeps its data; a temporary folder when absent.
 * @throws when neither MinIO nor its stand-in is there (`node tools/install-minio.mjs` makes one), or it does
 *   not come up.
 */
export async function startMinio(options: { directory?: string } = {}): Promise<TestS3Server> {
  const program = findProgram();
  if (program.kind === 'stand-in') console.error(program.detail);
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'onegin-minio-')));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  let child = await launch(program, directory, port);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    endpoint,
    region: REGION,
    ...KEYS,
    kind: program.kind,
    kill,
    async restart() {
      await kill();
      child = await launch(program, directory, port);
    },
    async stop() {
      await kill();
      if (!options.directory) await rm(directory, { recursive: true, force: true });
    },
  };
}

function findProgram(): Program {
  const tool = join(import.meta.dirname, '../../../../tools/install-minio.mjs');
  const output = execFileSync(process.execPath, [tool, '--find-only'], { encoding: 'utf8' });
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as Program;
}

async function launch(program: Program, directory: string, port: number): Promise<ChildProcess> {
  const ownArgs = ['server', directory, '--address', `127.0.0.1:${port}`, '--console-address', '127.0.0.1:0'];
  const child = spawn(program.command, [...program.args, ...(program.kind === 'minio' ? ownArgs : [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      MINIO_ROOT_USER: KEYS.accessKey,
      MINIO_ROOT_PASSWORD: KEYS.secretKey,
      MINIO_REGION: REGION,
      MINIO_BROWSER: 'off',
      MINIO_UPDATE: 'off',
      FAUXQS_PORT: String(port),
      FAUXQS_LOGGER: 'false',
      FAUXQS_DEFAULT_REGION: REGION,
      FAUXQS_S3_STORAGE_DIR: directory,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-8192);
    });
  // It must not outlive a test process that ends without stopping it.
  const onExit = (): void => void child.kill('SIGKILL');
  process.once('exit', onExit);
  child.once('exit', () => process.removeListener('exit', onExit));
  const path = program.kind === 'minio' ? '/minio/health/ready' : '/health';
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await answers(`http://127.0.0.1:${port}${path}`))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${program.command} ended while starting:\n${output}`);
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`${program.command} was not ready after ${START_LIMIT_MS / 1000} s:\n${output}`);
    }
    await sleep(50);
  }
  return child;
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
