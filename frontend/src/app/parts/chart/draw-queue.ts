/**
 * Charts are drawn one at a time, each in a task of its own, so that a click or a keystroke always comes between two
 * of them. A chart that takes long to draw is drawn less often.
 */
import { Injectable } from '@angular/core';

/** At least so long between two drawings of a chart. */
const LEAST_PAUSE_MS = 250;
/** A chart may take so much of the time: a drawing of 40 ms is followed by a pause of 800. */
const PAUSE_PER_COST = 20;

interface Entry {
  draw: () => void;
  dueAt: number;
}

@Injectable({ providedIn: 'root' })
export class DrawQueue {
  private readonly waiting = new Map<object, Entry>();
  private readonly notBefore = new WeakMap<object, number>();
  private timer: ReturnType<typeof setTimeout> | null = null;

  /** Has `draw` run soon. Whoever asks again meanwhile is drawn once, with what it asked for last. */
  ask(who: object, draw: () => void, soon = false): void {
    const dueAt = soon ? 0 : (this.notBefore.get(who) ?? 0);
    this.waiting.set(who, { draw, dueAt });
    this.schedule();
  }

  forget(who: object): void {
    this.waiting.delete(who);
  }

  private schedule(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.waiting.size === 0) return;
    let first = Infinity;
    for (const { dueAt } of this.waiting.values()) first = Math.min(first, dueAt);
    this.timer = setTimeout(() => this.drawOne(), Math.max(0, first - performance.now()));
  }

  private drawOne(): void {
    this.timer = null;
    const now = performance.now();
    for (const [who, { draw, dueAt }] of this.waiting) {
      if (dueAt > now) continue;
      this.waiting.delete(who);
      try {
        draw();
      } finally {
        const cost = performance.now() - now;
        this.notBefore.set(who, now + Math.max(LEAST_PAUSE_MS, cost * PAUSE_PER_COST));
        this.schedule();
      }
      return;
    }
    this.schedule();
  }
}
