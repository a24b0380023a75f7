import { signal } from '@angular/core';
import { retryImport } from './retry-import.ts';

/**
 * A part of a page that is fetched when it is wanted, for a block `@defer (when part.isHere())`. Such a block gives up
 * for good at the first failure, and the gateway may just be restarting, so it begins when the part has come.
 */
export class LazyPart {
  readonly #fetchPart: () => Promise<unknown>;
  readonly #here = signal(false);
  #isWanted = false;
  readonly isHere = this.#here.asReadonly();

  /** @param fetchPart imports what the block shows */
  constructor(fetchPart: () => Promise<unknown>) {
    this.#fetchPart = fetchPart;
  }

  want(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    void retryImport(this.#fetchPart).then(() => this.#here.set(true));
  }
}
