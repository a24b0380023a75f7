/** Lets timers and messages run while a training holds the thread, and keeps progress reports rare. */
import { setImmediate } from 'node:timers/promises';

/** Longest stretch without letting others run; a stop signal is seen within it and one batch. */
const HOLD_MS = 50;
/** At most four reports a second. */
const REPORT_MS = 250;

export class Pace {
  #heldSince = performance.now();
  #reportedAt = -Infinity;

  /** A promise to wait for when others should run now. */
  breathe(): Promise<void> | undefined {
    if (performance.now() - this.#heldSince < HOLD_MS) return undefined;
    return setImmediate().then(() => {
      this.#heldSince = performance.now();
    });
  }

  /** Whether a report is due. */
  due(): boolean {
    const now = performance.now();
    if (now - this.#reportedAt < REPORT_MS) return false;
    this.#reportedAt = now;
    return true;
  }
}
