/** Steps at an even pace until it is told to stop, or there is no further step. */
import { signal } from '@angular/core';

export class Player {
  readonly #isPlaying = signal(false);
  #timer: ReturnType<typeof setInterval> | null = null;
  readonly #step: () => boolean;
  readonly #everyMs: number;

  readonly playing = this.#isPlaying.asReadonly();

  /** @param step answers whether there is a further one */
  constructor(step: () => boolean, everyMs: number) {
    this.#step = step;
    this.#everyMs = everyMs;
  }

  play(): void {
    this.stop();
    if (!this.#step()) return;
    this.#isPlaying.set(true);
    this.#timer = setInterval(() => {
      if (!this.#step()) this.stop();
    }, this.#everyMs);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#isPlaying.set(false);
  }

  toggle(): void {
    if (this.#isPlaying()) this.stop();
    else this.play();
  }
}
