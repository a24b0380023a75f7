/**
 * When what lies below the first view may be fetched: after the user's first input, or once the page has been idle for
 * a while. The first view is faster without it, and a user who scrolls down finds it there.
 */
import { DestroyRef, inject, Injectable, signal } from '@angular/core';

const IDLE_MS = 5000;
// What ends a gesture, not what begins it: nothing is fetched and built in the middle of a stroke across a chart.
const INPUTS = ['pointerup', 'keydown', 'wheel', 'touchend', 'scroll'] as const;

@Injectable({ providedIn: 'root' })
export class IdleTrigger {
  readonly #fired = signal(false);
  readonly hasFired = this.#fired.asReadonly();

  constructor() {
    const watching = new AbortController();
    const fire = () => {
      watching.abort();
      this.#fired.set(true);
    };
    const options = { capture: true, passive: true, signal: watching.signal };
    for (const input of INPUTS) addEventListener(input, fire, options);
    const timer = setTimeout(fire, IDLE_MS);
    watching.signal.addEventListener('abort', () => clearTimeout(timer));
    inject(DestroyRef).onDestroy(() => watching.abort());
  }
}
