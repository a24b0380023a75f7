/**
 * Waiting for an artifact store that is away or full. What was trained is worth more than the time: an attempt ends
 * over its store only after a configured time.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { OneginError } from '@onegin/contracts';

export interface Patience {
  /** After so long the store's error comes out. */
  readonly forMs: number;
  /** Ends the waiting at once: the store's error comes out, or the signal's when none was seen yet. */
  readonly signal: AbortSignal;
  /** Called when the waiting begins and before each further try. */
  readonly onWait: (error: OneginError) => void;
  /** Called when a wait ended well. */
  readonly onGoOn: () => void;
  /** Wait before the second try; doubles up to `longestWaitMs`. */
  readonly firstWaitMs?: number;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;

/** Errors of the store that time may heal without anybody's doing in this process. */
export const isStoreAway = (error: unknown): error is OneginError =>
  error instanceof OneginError && (error.code === 'storage-unavailable' || error.code === 'storage-full');

/**
 * Does the work, again and again while the store is away.
 * @throws the work's error when it is another one, when the time is up, or when the signal says so
 */
export async function patiently<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const { forMs, signal, onWait, onGoOn, firstWaitMs = FIRST_WAIT_MS } = patience;
  const deadline = performance.now() + forMs;
  let waited = false;
  for (let wait = firstWaitMs; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
    try {
      const done = await orAborted(work(), signal);
      if (waited) onGoOn();
      return done;
    } catch (error) {
      if (!isStoreAway(error) || signal.aborted || performance.now() > deadline) throw error;
      waited = true;
      onWait(error);
      await delay(wait, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw error;
    }
  }
}

/** The work's result, or the signal's reason as soon as it is aborted; the work goes on unseen then. */
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
