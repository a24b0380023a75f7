/** Hundreds of simulated trainers in a few processes, each trainer a separate worker on the trial queue. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Resource } from '@onegin/contracts';

/** The settings of a process of trainers, as JSON in its first argument. */
export interface TrainersOrder {
  readonly redisUrl: string;
  readonly trainers: number;
  readonly resource?: Resource;
  /** Time of an epoch in ms. */
  readonly epochMs?: number;
  /** Whether `epochMs` is a mean around which each trial's time is drawn; default: all are equal. */
  readonly drawn?: boolean;
  readonly fullSize?: boolean;
  readonly lockMs?: number;
}

export interface TrainerProcesses {
  readonly children: readonly ChildProcess[];
  /** CPU seconds of all processes so far. */
  cpuSeconds(): Promise<number>;
  /** Each trainer releases what it trains; then the processes exit. */
  stop(): Promise<void>;
}

const main = fileURLToPath(new URL('./trainers-main.ts', import.meta.url));

/** Resolves when every trainer listens. @param processes over which the trainers are spread evenly */
export async function spawnTrainers(order: TrainersOrder, processes = 1): Promise<TrainerProcesses> {
  const shares = Array.from({ length: processes }, (_, i) =>
    Math.floor((order.trainers + i) / processes),
  ).filter((trainers) => trainers > 0);
  const started = shares.map((trainers) => startProcess({ ...order, trainers }));
  try {
    await Promise.all(started.map(({ ready }) => ready));
  } catch (error) {
    for (const { child } of started) child.kill('SIGKILL');
    throw error;
  }
  const children = started.map(({ child }) => child);
  return {
    children,
    cpuSeconds: async () => {
      const used = await Promise.all(started.map(({ cpuSeconds }) => cpuSeconds()));
      return used.reduce((sum, seconds) => sum + seconds, 0);
    },
    stop: async () => {
      await Promise.all(children.map(end));
    },
  };
}

function startProcess(order: TrainersOrder) {
  const child = spawn(process.execPath, [main, JSON.stringify(order)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`simulated trainers ended before they were ready: ${signal ?? `exit ${code}`}`)),
    );
  });
  const cpuSeconds = async (): Promise<number> => {
    child.send('cpu');
    const [seconds] = (await once(child, 'message')) as [number];
    return seconds;
  };
  return { child, ready, cpuSeconds };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
