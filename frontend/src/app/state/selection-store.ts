/** What is chosen on a job's page, shared by everything on it: the trial under the pointer, chosen ones, a filter. */
import { computed, Injectable, signal } from '@angular/core';

@Injectable()
export class SelectionStore {
  private readonly point = signal<number | null>(null);
  private readonly set = signal<ReadonlySet<number>>(new Set());
  private readonly area = signal<ReadonlySet<number> | null>(null);

  readonly pointed = this.point.asReadonly();
  readonly lit = computed<readonly number[]>(() => {
    const trial = this.point();
    return trial === null ? [] : [trial];
  });
  /** In the order of their numbers. */
  readonly chosen = computed<readonly number[]>(() => [...this.set()].sort((a, b) => a - b));
  /** Trials inside the areas brushed in the parallel coordinates; null: no area. */
  readonly brushed = this.area.asReadonly();

  pointAt(trial: number | null): void {
    this.point.set(trial);
  }

  isChosen(trial: number): boolean {
    return this.set().has(trial);
  }

  choose(trials: Iterable<number>): void {
    this.set.set(new Set(trials));
  }

  toggle(trial: number): void {
    const next = new Set(this.set());
    if (!next.delete(trial)) next.add(trial);
    this.set.set(next);
  }

  brush(trials: ReadonlySet<number> | null): void {
    this.area.set(trials);
  }
}
