/** Waiting as the gateway asks for it, when it is asked too often. */
import { setTimeout as delay } from 'node:timers/promises';

/** Further attempts at one request. */
export const MOST_RETRIES = 5;
/** A longer wait is reported instead of sat out. */
const LONGEST_WAIT_S = 120;
const DEFAULT_WAIT_S = 2;

/** How long to wait before asking again, in seconds; null: not at all. */
export function waitSeconds(response: Pick<Response, 'status' | 'headers'>, retries: number): number | null {
  if (response.status !== 429 || retries >= MOST_RETRIES) return null;
  const header = response.headers.get('retry-after');
  const seconds = header !== null && /^\d{1,6}$/.test(header) ? Number(header) : DEFAULT_WAIT_S;
  return seconds <= LONGEST_WAIT_S ? seconds : null;
}

/** @throws the signal's reason when it is aborted meanwhile */
export async function wait(seconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(seconds * 1000, undefined, signal && { signal });
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  }
}
