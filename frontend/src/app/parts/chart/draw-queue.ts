/**
 * Charts are drawn one at a time, and each in parts that are tasks of their own, so that a click or a keystroke always
 * comes between two of them. A chart that takes long to draw is drawn less often.
 */
import { Injectable } from '@angular/core';

/** The shortest time between two drawings of a chart. */
const LEAST_PAUSE_MS = 250;
/** A chart may take so much of the time: a drawing of 40 ms is followed by a pause of 800. */
const PAUSE_PER_COST = 20;

/** Draws, or does a part of it: a function that it returns is the next part. */
export type DrawPart = () => unknown;

interface Entry {
  readonly draw: DrawPart;
  readonly dueAt: number;
}

interface Begun {
  readonly next: DrawPart;
  /** Of the parts before, in milliseconds. */
  readonly cost: number;
}

@Injectable({ providedIn: 'root' })
export class DrawQueue {
  readonly #waiting = new Map<object, Entry>();
  readonly #begun = new Map<object, Begun>();
  readonly #notBefore = new WeakMap<object, number>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Has `draw` run soon. A chart that asks again meanwhile is drawn once, with what it asked for last. */
  ask(who: object, draw: DrawPart, soon = false): void {
    const dueAt = soon ? 0 : (this.#notBefore.get(who) ?? 0);
    this.#waiting.set(who, { draw, dueAt });
    this.#schedule();
  }

  /** What a drawing cost after its last part, in milliseconds: frames that went on with it. */
  took(who: object, ms: number): void {
    const until = this.#notBefore.get(who) ?? 0;
    this.#notBefore.set(who, Math.max(until, performance.now()) + ms * PAUSE_PER_COST);
    const waits = this.#waiting.get(who);
    if (waits) this.ask(who, waits.draw, waits.dueAt === 0);
  }

  forget(who: object): void {
    this.#waiting.delete(who);
    this.#begun.delete(who);
  }

  #schedule(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#waiting.size === 0 && this.#begun.size === 0) return;
    let first = this.#begun.size > 0 ? 0 : Infinity;
    for (const { dueAt } of this.#waiting.values()) first = Math.min(first, dueAt);
    this.#timer = setTimeout(() => this.#drawOne(), Math.max(0, first - performance.now()));
  }

  #drawOne(): void {
    this.#timer = null;
    // What has begun is finished first.
    for (const [who, { next, cost }] of this.#begun) return this.#run(who, next, cost);
    const now = performance.now();
    for (const [who, { draw, dueAt }] of this.#waiting) {
      if (dueAt > now) continue;
      this.#waiting.delete(who);
      return this.#run(who, draw, 0);
    }
    this.#schedule();
  }

  #run(who: object, part: DrawPart, costBefore: number): void {
    const begin = performance.now();
    this.#begun.delete(who);
    let next: unknown;
    try {
      next = part();
    } finally {
      const now = performance.now();
      const cost = costBefore + now - begin;
      if (typeof next === 'function') this.#begun.set(who, { next: next as DrawPart, cost });
      else this.#notBefore.set(who, now + Math.max(LEAST_PAUSE_MS, cost * PAUSE_PER_COST));
      this.#schedule();
    }
  }
}
