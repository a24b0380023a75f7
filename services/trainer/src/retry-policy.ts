/**
 * Retrying while the artifact store is unavailable or full. A training is worth more than the wait: an attempt fails
 * because of its store only after a configured time.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { OneginError } from '@onegin/contracts';

export interface RetryPolicy {
  /** How long to retry before the store's error is thrown. */
  readonly forMs: number;
  /** Stops waiting at once: the store's error is thrown, or the signal's reason when there was none yet. */
  readonly signal: AbortSignal;
  /** Called before each wait. */
  readonly onWait: (error: OneginError) => void;
  /** Called when the work succeeded after a wait. */
  readonly onRecovered: () => void;
  /** Wait before the second try; doubles up to `LONGEST_WAIT_MS`. */
  readonly firstWaitMs?: number;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;

/** Errors of the store that may go away by themselves. */
export const isStoreUnavailable = (error: unknown): error is OneginError =>
  error instanceof OneginError && (error.code === 'storage-unavailable' || error.code === 'storage-full');

/**
 * Repeats the work while the store is unavailable.
 * @throws the work's error when it is a different one, when the time is up, or when the signal is aborted
 */
export async function withRetries<T>(work: () => Promise<T>, policy: RetryPolicy): Promise<T> {
  const { forMs, signal, onWait, onRecovered, firstWaitMs = FIRST_WAIT_MS } = policy;
  const deadline = performance.now() + forMs;
  let waited = false;
  for (let wait = firstWaitMs; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      const done = await orAborted(work(), signal);
      if (waited) onRecovered();
      return done;
    } catch (error) {
      if (!isStoreUnavailable(error) || signal.aborted || performance.now() > deadline) throw error;
      waited = true;
      onWait(error);
      await delay(wait, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw error;
    }
  }
}

/** The work's result, or the signal's reason as soon as it is aborted; the work's own outcome is ignored then. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop));
}
