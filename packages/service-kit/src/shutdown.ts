/** Ends a service in order: what was set up last is taken down first, within a deadline. */
import type { Logger } from './logger.ts';

export type ShutdownStep = (withinMs: number) => Promise<void> | void;

export class Shutdown {
  readonly #logger: Logger;
  readonly #graceMs: number;
  readonly #steps: { name: string; step: ShutdownStep }[] = [];
  readonly #waits: ((hurry: AbortSignal) => Promise<void>)[] = [];
  readonly #hurry = new AbortController();
  readonly #begun = new AbortController();
  #ending: Promise<void> | null = null;

  constructor(logger: Logger, graceMs: number) {
    this.#logger = logger;
    this.#graceMs = graceMs;
  }

  /** Aborted when the end begins. */
  get signal(): AbortSignal {
    return this.#begun.signal;
  }

  /** Adds a step; the last added runs first. */
  add(name: string, step: ShutdownStep): void {
    this.#steps.unshift({ name, step });
  }

  /**
   * Adds what is waited for before the end begins, such as work that may still finish; it bounds itself, and gives
   * up when `hurry` is aborted. The grace period counts from the end's beginning.
   */
  beforeEnd(wait: (hurry: AbortSignal) => Promise<void>): void {
    this.#waits.push(wait);
  }

  /** Begins the end though something is still waited for. */
  hurry(): void {
    this.#hurry.abort();
  }

  /** Runs the steps once, each with the time that is left. A step that fails doesn't stop the others. */
  end(reason: string): Promise<void> {
    this.#ending ??= this.#run(reason);
    return this.#ending;
  }

  async #run(reason: string): Promise<void> {
    await this.#wait();
    this.#logger.info({ reason }, 'ending');
    this.#begun.abort(new Error(reason));
    const deadline = Date.now() + this.#graceMs;
    for (const { name, step } of this.#steps) {
      try {
        await step(Math.max(0, deadline - Date.now()));
      } catch (error) {
        this.#logger.error({ err: error, step: name }, 'a step of the shutdown failed');
      }
    }
    this.#logger.info('ended');
  }

  async #wait(): Promise<void> {
    const settled = await Promise.allSettled(this.#waits.map((wait) => wait(this.#hurry.signal)));
    for (const one of settled)
      if (one.status === 'rejected') this.#logger.error({ err: one.reason }, 'waiting before the end failed');
  }
}

/**
 * Ends on SIGTERM and SIGINT. A second signal ends what is waited for before the end; once the end has begun, it
 * does not wait any longer, nor does the end of the grace period.
 */
export function endOnSignals(
  shutdown: Shutdown,
  { graceMs, logger }: { graceMs: number; logger: Logger },
): void {
  shutdown.signal.addEventListener('abort', () => {
    setTimeout(() => {
      logger.error('the grace period has passed, ending at once');
      process.exit(1);
    }, graceMs + 2000).unref();
  });
  let asked = false;
  const end = (signal: NodeJS.Signals) => {
    if (asked && shutdown.signal.aborted) {
      logger.warn({ signal }, 'asked twice, ending at once');
      process.exit(1);
    }
    if (asked) return shutdown.hurry();
    asked = true;
    void shutdown.end(signal).then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
