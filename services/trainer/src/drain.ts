/**
 * How a trainer shuts down: on SIGTERM it may first finish its training (`TRAINER_DRAIN`), and one that was started
 * for a few tasks (a Kubernetes Job, say) exits by itself once they are done or none comes.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceKit } from '@onegin/service-kit';
import type { TrainerConfig } from './config.ts';
import type { TrainerStatus } from './trainer-status.ts';

export interface DrainParts {
  readonly kit: Pick<ServiceKit, 'shutdown' | 'logger'>;
  readonly config: Pick<TrainerConfig, 'drainMs' | 'tasks' | 'idleEndMs'>;
  readonly status: TrainerStatus;
  readonly worker: { pause(): Promise<void>; idle(): Promise<void> };
  /** Sends a heartbeat now rather than at the next interval. */
  readonly beat: () => Promise<void>;
}

export class Drain {
  readonly #parts: DrainParts;
  #taken = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(parts: DrainParts) {
    this.#parts = parts;
    const { kit, config } = parts;
    if (config.drainMs > 0) kit.shutdown.beforeEnd((hurry) => this.#drain(hurry));
    kit.shutdown.signal.addEventListener('abort', () => clearTimeout(this.#idle));
    this.#waitForTask();
  }

  taskStarted(): void {
    clearTimeout(this.#idle);
  }

  taskEnded(): void {
    const { tasks } = this.#parts.config;
    this.#taken++;
    if (tasks > 0 && this.#taken >= tasks)
      this.#endService('it has worked on as many tasks as TRAINER_ENTRIES says');
    else this.#waitForTask();
  }

  #waitForTask(): void {
    const { idleEndMs } = this.#parts.config;
    if (idleEndMs > 0) this.#idle = setTimeout(() => this.#endService('no task came for a while'), idleEndMs);
  }

  #endService(reason: string): void {
    const { kit, worker } = this.#parts;
    void worker.pause();
    void kit.shutdown.end(reason).then(() => process.exit(0));
  }

  /** Takes no more tasks and waits for the current training; the shutdown then releases whatever is left. */
  async #drain(hurry: AbortSignal): Promise<void> {
    const { config, status, worker, beat, kit } = this.#parts;
    status.drain();
    await worker.pause();
    void beat();
    if (status.training)
      kit.logger.info({ withinMs: config.drainMs }, 'the current training may still finish');
    const over = delay(config.drainMs, undefined, { signal: hurry }).catch(() => undefined);
    await Promise.race([worker.idle(), over]);
  }
}
