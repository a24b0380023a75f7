/** Work that repeats until it is stopped. */
import type { Logger } from '@onegin/service-kit';

export interface PeriodicWork {
  /** For the log. */
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
}

/**
 * Runs each piece of work at once and then at its interval. A run that takes longer than the interval is never joined by
 * a second one; a failure is logged and the next run comes at its usual time.
 * @returns stops all of it
 */
export function startPeriodicWork(work: readonly PeriodicWork[], logger: Logger): () => void {
  const timers = work.map(({ name, everyMs, run }) => {
    let running = false;
    const tick = async (): Promise<void> => {
      if (running) return;
      running = true;
      try {
        await run();
      } catch (error) {
        logger.warn({ err: error, work: name }, 'periodic work failed; it runs again at its next interval');
      } finally {
        running = false;
      }
    };
    void tick();
    return setInterval(() => void tick(), everyMs);
  });
  return () => timers.forEach(clearInterval);
}
