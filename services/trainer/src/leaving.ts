/**
 * How a trainer leaves: on SIGTERM it may first finish what it trains (`TRAINER_DRAIN`), and one that was started
 * for a few entries (a Kubernetes Job, say) ends by itself when they are done or none comes.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ServiceKit } from '@onegin/service-kit';
import type { TrainerConfig } from './config.ts';
import type { Vitals } from './vitals.ts';

export interface LeavingParts {
  readonly kit: Pick<ServiceKit, 'shutdown' | 'logger'>;
  readonly config: Pick<TrainerConfig, 'drainMs' | 'entries' | 'idleEndMs'>;
  readonly vitals: Vitals;
  readonly worker: { pause(): Promise<void>; idle(): Promise<void> };
  /** Tells the orchestrator now, rather than at the next heartbeat. */
  readonly beat: () => Promise<void>;
}

export class Leaving {
  readonly #parts: LeavingParts;
  #taken = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(parts: LeavingParts) {
    this.#parts = parts;
    const { kit, config } = parts;
    if (config.drainMs > 0) kit.shutdown.beforeEnd((hurry) => this.#drain(hurry));
    kit.shutdown.signal.addEventListener('abort', () => clearTimeout(this.#idle));
    this.#waitForEntry();
  }

  /** An entry was taken. */
  entryBegan(): void {
    clearTimeout(this.#idle);
  }

  /** It was let go of. */
  entryEnded(): void {
    const { entries } = this.#parts.config;
    this.#taken++;
    if (entries > 0 && this.#taken >= entries)
      this.#leave('it has worked on as many entries as it was told to');
    else this.#waitForEntry();
  }

  #waitForEntry(): void {
    const { idleEndMs } = this.#parts.config;
    if (idleEndMs > 0) this.#idle = setTimeout(() => this.#leave('no entry came for a while'), idleEndMs);
  }

  #leave(reason: string): void {
    const { kit, worker } = this.#parts;
    void worker.pause();
    void kit.shutdown.end(reason).then(() => process.exit(0));
  }

  /** Takes nothing more and waits for what is trained; then the end hands back whatever is left. */
  async #drain(hurry: AbortSignal): Promise<void> {
    const { config, vitals, worker, beat, kit } = this.#parts;
    vitals.drain();
    await worker.pause();
    void beat();
    if (vitals.training)
      kit.logger.info({ withinMs: config.drainMs }, 'the present training may still finish');
    const over = delay(config.drainMs, undefined, { signal: hurry }).catch(() => undefined);
    await Promise.race([worker.idle(), over]);
  }
}
