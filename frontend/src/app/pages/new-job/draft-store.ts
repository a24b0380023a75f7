/**
 * The draft that the form edits, kept over a reload of the page: nobody types a search space twice. Every change is
 * judged at once; problems that the gateway found on top stay until the draft changes.
 */
import { computed, effect, Injectable, signal } from '@angular/core';
import type { DatasetListing, FieldProblem, OptimizationRequest, Parameter } from '@onegin/contracts';
import {
  defaults,
  draftOf,
  problemsOf,
  withDataset,
  withField,
  withParameter,
  type Draft,
  type Field,
} from './draft.ts';

const KEPT_AS = 'onegin new job';
const EMPTY: Draft = { dataset: '' };

@Injectable()
export class DraftStore {
  readonly #edited = signal<Draft>(restored());
  readonly #known = signal<readonly DatasetListing[]>([]);
  readonly #refused = signal<readonly FieldProblem[]>([]);

  readonly draft = this.#edited.asReadonly();
  readonly dataset = computed(
    () => this.#known().find(({ name }) => name === this.#edited().dataset) ?? null,
  );
  /** Every field with its default filled in, as the gateway will read it. */
  readonly filled = computed(() => ({ ...defaults, ...this.#edited() }));
  readonly problems = computed(() => [
    ...(this.#known().length > 0 ? problemsOf(this.#edited(), this.#known()) : []),
    ...this.#refused(),
  ]);
  readonly isEmpty = computed(
    () => Object.keys(this.#edited()).length === 1 && this.#edited().dataset === '',
  );

  constructor() {
    effect(() => sessionStorage.setItem(KEPT_AS, JSON.stringify(this.#edited())));
  }

  /** The datasets that can be named. A draft without one gets the first that can be used at once. */
  offer(datasets: readonly DatasetListing[]): void {
    this.#known.set(datasets);
    const { dataset } = this.#edited();
    if (datasets.some(({ name }) => name === dataset)) return;
    const first = datasets.find(({ ready }) => ready) ?? datasets[0];
    if (first) this.chooseDataset(first.name);
  }

  chooseDataset(name: string): void {
    this.replace(withDataset(this.#edited(), name, this.#known()));
  }

  set(field: Field, value: unknown): void {
    this.replace(withField(this.#edited(), field, value));
  }

  setParameter(name: string, parameter: Parameter | null | undefined): void {
    this.replace(withParameter(this.#edited(), name, parameter));
  }

  /** Asks for what another job asked for. */
  copy(request: OptimizationRequest): void {
    this.replace(draftOf(request));
  }

  replace(draft: Draft): void {
    this.#refused.set([]);
    this.#edited.set(draft);
  }

  refuse(problems: readonly FieldProblem[]): void {
    this.#refused.set(problems);
  }

  /** Back to the defaults; gives what was there, so that it can be undone. */
  clear(): Draft {
    const before = this.#edited();
    this.replace({ dataset: before.dataset });
    return before;
  }

  /** What was sent is no draft any more. */
  forget(): void {
    this.#edited.set(EMPTY);
    sessionStorage.removeItem(KEPT_AS);
  }
}

function restored(): Draft {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? 'null');
    if (kept !== null && typeof kept === 'object' && 'dataset' in kept && typeof kept.dataset === 'string')
      return kept as Draft;
  } catch {
    // Somebody else's text.
  }
  return EMPTY;
}
