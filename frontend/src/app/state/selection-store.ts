/** What is chosen on a job's page, shared by everything on it: the trial under the pointer, chosen ones, a filter. */
import { computed, Injectable, signal } from '@angular/core';
import type { AxisArea, ParallelAreas } from '@onegin/charts';

@Injectable()
export class SelectionStore {
  readonly #point = signal<number | null>(null);
  readonly #set = signal<ReadonlySet<number>>(new Set());
  readonly #brushes = signal<ParallelAreas>(new Map());
  readonly #inside = signal<ReadonlySet<number> | null>(null);

  readonly pointed = this.#point.asReadonly();
  readonly lit = computed<readonly number[]>(() => {
    const trial = this.#point();
    return trial === null ? [] : [trial];
  });
  /** In the order of their numbers. */
  readonly chosen = computed<readonly number[]>(() => [...this.#set()].sort((a, b) => a - b));
  /** What is brushed on the axes of the parallel coordinates, by axis. */
  readonly areas = this.#brushes.asReadonly();
  /** Trials inside those areas; null: nothing is brushed. */
  readonly brushed = this.#inside.asReadonly();

  pointAt(trial: number | null): void {
    this.#point.set(trial);
  }

  isChosen(trial: number): boolean {
    return this.#set().has(trial);
  }

  choose(trials: Iterable<number>): void {
    this.#set.set(new Set(trials));
  }

  toggle(trial: number): void {
    const next = new Set(this.#set());
    if (!next.delete(trial)) next.add(trial);
    this.#set.set(next);
  }

  /** Other areas on one axis; none takes the brush from it. */
  brush(axis: string, areas: readonly AxisArea[]): void {
    const next = new Map(this.#brushes());
    if (areas.length > 0) next.set(axis, areas);
    else next.delete(axis);
    this.#brushes.set(next);
  }

  clearBrush(): void {
    this.#brushes.set(new Map());
  }

  /** Set by the component that knows the trials. */
  setBrushed(trials: ReadonlySet<number> | null): void {
    this.#inside.set(trials);
  }
}
