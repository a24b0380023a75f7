/**
 * Takes a trainer out that keeps failing, and gives it another chance after a while: where it is the only one, a
 * study would otherwise wait for ever instead of saying why it fails.
 */
import { errorCodes, type ErrorCode } from '@onegin/contracts';

/** Failures that another trainer would have had as well: they say nothing about this one. */
const BLAMELESS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'storage-unavailable',
  'storage-full',
  'redis-unavailable',
  'redis-full',
  'artifact-corrupt',
  'shutting-down',
]);

/** Whether a failure speaks against the trainer: one that another attempt may not have. */
export const blamesTrainer = (code: ErrorCode): boolean => errorCodes[code].retryable && !BLAMELESS.has(code);

const LONGEST_PAUSE_MS = 3_600_000;

export class Withdrawal {
  readonly #after: number;
  readonly #firstPauseMs: number;
  /** Trainings that failed here since one succeeded. */
  readonly #failing = new Set<string>();
  /** Withdrawals since a training succeeded. */
  #times = 0;
  #withdrawn = false;

  /** @param after failures on so many different trainings in a row; after a pause, one is enough */
  constructor({ after, pauseMs }: { after: number; pauseMs: number }) {
    this.#after = after;
    this.#firstPauseMs = pauseMs;
  }

  get withdrawn(): boolean {
    return this.#withdrawn;
  }

  /** How many different trainings failed in a row. */
  get failedInARow(): number {
    return this.#failing.size;
  }

  /** Doubles with each withdrawal. */
  get pauseMs(): number {
    return Math.min(this.#firstPauseMs * 2 ** Math.max(0, this.#times - 1), LONGEST_PAUSE_MS);
  }

  succeeded(): void {
    this.#failing.clear();
    this.#times = 0;
  }

  failed(training: string, code: ErrorCode): void {
    if (!blamesTrainer(code)) return;
    this.#failing.add(training);
    if (this.#withdrawn || this.#failing.size < (this.#times > 0 ? 1 : this.#after)) return;
    this.#withdrawn = true;
    this.#times++;
  }

  /** After the pause: work is taken again, and the next failure ends it. */
  tryAgain(): void {
    this.#withdrawn = false;
    this.#failing.clear();
  }
}
