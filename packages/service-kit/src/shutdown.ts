/** Ends a service in order: what was set up last is taken down first, within a deadline. */
import type { Logger } from './logger.ts';

export type ShutdownStep = (withinMs: number) => Promise<void> | void;

export class Shutdown {
  readonly #logger: Logger;
  readonly #graceMs: number;
  readonly #steps: { name: string; step: ShutdownStep }[] = [];
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

  /** Runs the steps once, each with the time that is left. A step that fails doesn't stop the others. */
  end(reason: string): Promise<void> {
    this.#ending ??= this.#run(reason);
    return this.#ending;
  }

  async #run(reason: string): Promise<void> {
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
}

/** Ends on SIGTERM and SIGINT; a second signal, or the grace period's end, does not wait any longer. */
export function endOnSignals(
  shutdown: Shutdown,
  { graceMs, logger }: { graceMs: number; logger: Logger },
): void {
  let asked = false;
  const end = (signal: NodeJS.Signals) => {
    if (asked) {
      logger.warn({ signal }, 'asked twice, ending at once');
      process.exit(1);
    }
    asked = true;
    setTimeout(() => {
      logger.error('the grace period has passed, ending at once');
      process.exit(1);
    }, graceMs + 2000).unref();
    void shutdown.end(signal).then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
