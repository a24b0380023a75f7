/**
 * Collects what arrives and hands it on once per frame, so that a burst of events costs one drawing. A page in the
 * background has no frames; there it is handed on once a second.
 */
const WITHOUT_FRAMES_MS = 1000;

export class FrameQueue<Item> {
  private items: Item[] = [];
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private readonly apply: (items: Item[]) => void;

  constructor(apply: (items: Item[]) => void) {
    this.apply = apply;
  }

  push(...items: Item[]): void {
    for (const item of items) this.items.push(item);
    if (this.timer !== null) return;
    this.frame = requestAnimationFrame(() => this.flush());
    this.timer = setTimeout(() => this.flush(), WITHOUT_FRAMES_MS);
  }

  /** Forgets what has not been handed on. */
  clear(): void {
    cancelAnimationFrame(this.frame);
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.items = [];
  }

  private flush(): void {
    const items = this.items;
    this.clear();
    this.apply(items);
  }
}
