/**
 * Collects what arrives and hands it on once per frame, so that a burst of events costs one drawing. A page in the
 * background has no frames; there it is handed on once a second.
 */
const WITHOUT_FRAMES_MS = 1000;

export class FrameQueue<Item> {
  #items: Item[] = [];
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #apply: (items: Item[]) => void;

  constructor(apply: (items: Item[]) => void) {
    this.#apply = apply;
  }

  push(...items: Item[]): void {
    for (const item of items) this.#items.push(item);
    if (this.#timer !== null) return;
    this.#frame = requestAnimationFrame(() => this.#flush());
    this.#timer = setTimeout(() => this.#flush(), WITHOUT_FRAMES_MS);
  }

  /** Forgets what has not been handed on. */
  clear(): void {
    cancelAnimationFrame(this.#frame);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#items = [];
  }

  #flush(): void {
    const items = this.#items;
    this.clear();
    this.#apply(items);
  }
}
