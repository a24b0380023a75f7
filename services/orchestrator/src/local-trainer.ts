/** A trainer on the orchestrator's own machine, as a process that ends with it. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Resource } from '@onegin/contracts';
import type { Environment, Logger } from '@onegin/service-kit';

const program = fileURLToPath(new URL('../../trainer/src/main.ts', import.meta.url));

/** What a fallback starts and stops; specs bring their own. */
export interface LocalTrainer {
  readonly id: string;
  readonly running: boolean;
  /** It releases what it trains. Resolves when it has exited. */
  stop(): Promise<void>;
}

export type StartLocalTrainer = (resource: Resource) => LocalTrainer;

/** @param environment the orchestrator's own, which names Redis and the artifact store */
export const localTrainers =
  (environment: Environment, logger: Logger): StartLocalTrainer =>
  (resource) => {
    const id = `local-${hostname()}-${resource}`;
    const child = fork(program, {
      // The machine's CPU stands in for either kind.
      env: {
        ...environment,
        TRAINER_ID: id,
        TRAINER_RESOURCE: resource,
        TRAINER_DEVICE: 'cpu',
        TRAINER_FALLBACK: 'true',
        HEALTH_PORT: '0',
      },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    // A program that cannot be started emits no exit.
    child.on('error', (error) => logger.error({ err: error }, 'the local trainer cannot be started'));
    return {
      id,
      stop: () => stop(child),
      get running() {
        return runs(child);
      },
    };
  };

const runs = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid !== undefined && exitCode === null && signalCode === null;

async function stop(child: ChildProcess): Promise<void> {
  if (!runs(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
