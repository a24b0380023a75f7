/** Waits until something holds; a spec's own time limit ends the waiting. */
import { setTimeout as delay } from 'node:timers/promises';

export async function until(holds: () => boolean | Promise<boolean>, everyMs = 10): Promise<void> {
  while (!(await holds())) await delay(everyMs);
}
