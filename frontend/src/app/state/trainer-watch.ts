/** The trainers that are alive, live for as long as a page needs to know. */
import { DestroyRef, inject, Injectable, signal } from '@angular/core';
import type { TrainerHeartbeat } from '@onegin/contracts';
import { LiveConnection } from '../live/live-connection.ts';

@Injectable()
export class TrainerWatch {
  readonly #live = inject(LiveConnection);
  readonly #beats = signal<readonly TrainerHeartbeat[] | null>(null);
  #stopWatching: (() => void) | null = null;
  /** Null until they are known, and after `stop`. */
  readonly trainers = this.#beats.asReadonly();

  constructor() {
    inject(DestroyRef).onDestroy(() => this.stop());
  }

  start(): void {
    this.#stopWatching ??= this.#live.watchOverview({
      jobs: () => undefined,
      trainers: (trainers) => this.#beats.set(trainers),
    });
  }

  stop(): void {
    this.#stopWatching?.();
    this.#stopWatching = null;
    this.#beats.set(null);
  }
}
