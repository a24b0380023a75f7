/**
 * Whether what lies below the first view may be fetched: somebody does something with the page, or it has stood for
 * a while. The first view comes sooner without it, and whoever scrolls down finds it there.
 */
import { DestroyRef, inject, Injectable, signal } from '@angular/core';

const WHILE_MS = 5000;
// What ends a gesture, not what begins it: nothing is fetched and built in the middle of a stroke across a chart.
const DOING = ['pointerup', 'keydown', 'wheel', 'touchend', 'scroll'] as const;

@Injectable({ providedIn: 'root' })
export class PageRest {
  readonly #rested = signal(false);
  readonly isResting = this.#rested.asReadonly();

  constructor() {
    const watching = new AbortController();
    const rest = () => {
      watching.abort();
      this.#rested.set(true);
    };
    const options = { capture: true, passive: true, signal: watching.signal };
    for (const doing of DOING) addEventListener(doing, rest, options);
    const timer = setTimeout(rest, WHILE_MS);
    watching.signal.addEventListener('abort', () => clearTimeout(timer));
    inject(DestroyRef).onDestroy(() => watching.abort());
  }
}
