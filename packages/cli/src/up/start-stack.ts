/**
 * Onegin on one machine: Redis, gateway, orchestrator, trainers and plotter as processes that are kept running.
 * Used by `npm start`, by `onegin up`, and by tests with free ports and temporary folders.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { OneginError } from '@onegin/contracts';
import { adminKeyFile } from './admin-key.ts';
import { shareLock, takeDataFolder, type DataFolder } from './data-folder.ts';
import type { LogLine } from './log-lines.ts';
import { ManagedProcess } from './managed-process.ts';
import { checkPort, freePort } from './ports.ts';
import { writeTargets } from './prometheus-targets.ts';
import { ownRedis } from './redis-program.ts';
import { loopbackOf, RANK, serviceSpecs, type ServiceSpec, type StackArtifacts } from './services.ts';
import { Watchdog } from './watchdog.ts';

export interface StackOptions {
  /** The gateway's; 0 takes a free one. */
  port: number;
  host?: string;
  dataDir: string;
  trainers: number;
  /** 1 when absent; more only prove that any number works. */
  orchestrators?: number;
  /** Of the stack's own Redis; a free one when absent. */
  redisPort?: number;
  /** A Redis that runs elsewhere; the stack then starts none. */
  redisUrl?: string;
  /** The folder `artifacts` of the data folder when absent. */
  artifacts?: StackArtifacts;
  log: LogLine;
  /** What the services inherit beside their settings; the whole environment in a command. */
  env: Readonly<Record<string, string | undefined>>;
  /** Aborted while the stack is starting: what runs is stopped, and startStack rejects. */
  signal?: AbortSignal;
  /** Before a program that keeps ending is started again; half a minute when absent. */
  longestPauseMs?: number;
  /** For tests of the supervisor itself: other programs instead of the services. */
  services?: (port: number) => ServiceSpec[];
}

export interface Stack {
  /** Where the gateway answers. */
  readonly address: string;
  readonly redisUrl: string;
  readonly dataDir: string;
  /** The file with the key to make others with; null: none is needed, or the environment names it. */
  readonly adminKeyFile: string | null;
  /** By name: redis, gateway, orchestrator, trainer-1, trainer-2, …, plotter. */
  readonly children: ReadonlyMap<string, ManagedProcess>;
  /** Stops all in order. Resolves when no process is left. */
  stop(): Promise<void>;
  /** Ends all at once. */
  kill(): Promise<void>;
}

/** A program that needs longer to become ready is taken for one that never does. */
const READY_LIMIT_MS = 180_000;
const POLL_MS = 100;
/** A program that ends this many times before it was ever ready is given up. */
const HOPELESS_ENDS = 3;

/**
 * Resolves when everything is ready.
 * @throws OneginError `port-in-use`, `storage-denied`, `storage-full`, `redis-unavailable`, or `internal` with
 *   the last lines of the program that does not start; nothing is left running then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const host = options.host ?? '127.0.0.1';
  const port = options.port === 0 ? await freePort(host) : options.port;
  await checkPort(port, host);
  const folder = await takeDataFolder(options.dataDir);
  const watchdog = new Watchdog(folder.lockFile);
  await shareLock(folder, watchdog.pid);
  const children = new Map<string, ManagedProcess>();
  const launch = (spec: ServiceSpec | ManagedProcess['spec']): ManagedProcess => {
    const child = new ManagedProcess(spec, options.log, watchdog);
    children.set(spec.name, child);
    child.start();
    return child;
  };
  const end = async (stop: (child: ManagedProcess) => Promise<void>): Promise<void> => {
    for (const rank of ranksOf(children))
      await Promise.all([...children.values()].filter((child) => child.spec.rank === rank).map(stop));
    await watchdog.dismiss();
  };
  const pauses = options.longestPauseMs === undefined ? {} : { longestPauseMs: options.longestPauseMs };
  const stop = once(() => end((child) => child.stop()));
  try {
    const keyFile = await adminKeyFile(folder.root, host, options.env);
    const redisUrl = await startRedis(options, folder, launch);
    const specs =
      options.services?.(port) ??
      (await serviceSpecs({
        host,
        port,
        trainers: options.trainers,
        orchestrators: options.orchestrators,
        redisUrl,
        artifacts: options.artifacts ?? { directory: folder.artifacts },
        datasetsDir: folder.datasets,
        env: { ...options.env, ...(keyFile !== null && { ONEGIN_ADMIN_KEY_FILE: keyFile }) },
        healthPort: () => freePort(),
      }));
    await writeTargets(folder.root, specs);
    await Promise.all(
      specs.map((spec) =>
        whenReady(launch({ ...pauses, ...spec }), () => isReady(spec.readyUrl), options.signal),
      ),
    );
    return {
      address: `http://${loopbackOf(host)}:${port}`,
      redisUrl,
      dataDir: folder.root,
      adminKeyFile: keyFile,
      children,
      stop,
      kill: async () => {
        for (const child of children.values()) child.kill();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startRedis(
  options: StackOptions,
  folder: DataFolder,
  launch: (spec: ManagedProcess['spec']) => ManagedProcess,
): Promise<string> {
  if (options.redisUrl) return options.redisUrl;
  const port = options.redisPort ?? (await freePort());
  await checkPort(port, '127.0.0.1');
  const redis = ownRedis({ port, directory: folder.redis, rank: RANK.redis, env: options.env });
  await whenReady(launch(redis.spec), redis.isReady, options.signal);
  return redis.url;
}

/** @throws OneginError `internal` with the program's last words */
async function whenReady(
  child: ManagedProcess,
  isReady: () => Promise<boolean>,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!(await isReady())) {
    signal?.throwIfAborted();
    const hopeless = child.unexpectedEnds >= HOPELESS_ENDS;
    if (hopeless || Date.now() > deadline) {
      const why = hopeless ? 'ends again and again' : `was not ready after ${READY_LIMIT_MS / 1000} s`;
      throw new OneginError(
        'internal',
        [`${child.name} ${why}. Its last lines:`, ...child.lastLines].join('\n  '),
      );
    }
    await sleep(POLL_MS);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

const ranksOf = (children: ReadonlyMap<string, ManagedProcess>): number[] =>
  [...new Set([...children.values()].map((child) => child.spec.rank))].sort((a, b) => a - b);

/** The first call's work; further calls wait for it. */
function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
