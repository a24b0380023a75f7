/** The time, once a second, for as long as somebody looks. */
import { DestroyRef, inject, Injectable, signal } from '@angular/core';

const BEAT_MS = 1000;

@Injectable()
export class Clock {
  readonly #current = signal(Date.now());
  #timer: ReturnType<typeof setInterval> | null = null;
  /** Milliseconds since 1970. */
  readonly now = this.#current.asReadonly();

  constructor() {
    inject(DestroyRef).onDestroy(() => this.stop());
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#current.set(Date.now()), BEAT_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }
}
