/**
 * A circuit breaker: a trainer that keeps failing takes no work for a while (`withdrawn` in its heartbeat), then gets
 * another chance. Without that chance a study whose only trainer it is would wait for ever instead of failing.
 */
import { errorCodes, type ErrorCode } from '@onegin/contracts';

/** Failures that any other trainer would have had as well. */
const BLAMELESS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'storage-unavailable',
  'storage-full',
  'redis-unavailable',
  'redis-full',
  'artifact-corrupt',
  'shutting-down',
]);

/** Whether a failure counts against the trainer: one that another attempt may not have. */
export const blamesTrainer = (code: ErrorCode): boolean => errorCodes[code].retryable && !BLAMELESS.has(code);

const LONGEST_PAUSE_MS = 3_600_000;

export class CircuitBreaker {
  readonly #after: number;
  readonly #firstPauseMs: number;
  /** Trainings that failed here since one succeeded. */
  readonly #failing = new Set<string>();
  /** How often it opened since a training succeeded. */
  #times = 0;
  #isOpen = false;

  /** @param after how many different trainings in a row must fail to open it; after a pause one is enough */
  constructor({ after, pauseMs }: { after: number; pauseMs: number }) {
    this.#after = after;
    this.#firstPauseMs = pauseMs;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How many different trainings failed in a row. */
  get failedInARow(): number {
    return this.#failing.size;
  }

  /** How long it stays open; doubles each time. */
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
    if (this.#isOpen || this.#failing.size < (this.#times > 0 ? 1 : this.#after)) return;
    this.#isOpen = true;
    this.#times++;
  }

  /** After the pause: the trainer takes work again, and the next failure opens it once more. */
  halfOpen(): void {
    this.#isOpen = false;
    this.#failing.clear();
  }
}
