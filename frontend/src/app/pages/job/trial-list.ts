import { ScrollingModule } from '@angular/cdk/scrolling';
import {
  Component,
  computed,
  DestroyRef,
  ElementRef,
  inject,
  input,
  model,
  output,
  signal,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { EpochSummary, StudyState, TrialView } from '@onegin/contracts';
import { LazyPart } from '../../parts/lazy/lazy-part.ts';
import { Near } from '../../parts/lazy/near.ts';
import { SelectionStore } from '../../state/selection-store.ts';
import { isSort, isStatus, listedTrials } from './trial-filter.ts';
import { TrialRows } from './trial-rows.ts';
import { TrialTile } from './trial-tile.ts';
import { TrialTools } from './trial-tools.ts';

const TILE_WIDTH = 190;
/** On a phone two stand beside each other. */
const TILE_WIDTH_NARROW = 150;
const NARROW = 500;
const GAP = 12;

const tools = new LazyPart(() => import('./trial-tools.ts'));
const table = new LazyPart(() => import('./trial-rows.ts'));

/** Every trial as tiles or as a table, filtered and sorted; only the rows in sight exist. */
@Component({
  selector: 'on-trial-list',
  imports: [MatButton, Near, ScrollingModule, TrialRows, TrialTile, TrialTools],
  templateUrl: './trial-list.html',
  styleUrl: './trial-list.scss',
})
export class TrialList {
  readonly state = input.required<StudyState>();
  readonly trials = input.required<readonly TrialView[]>();
  /** As they stand in the address; what is none of the choices counts as none. */
  readonly view = model<string | undefined>();
  readonly status = model<string | undefined>();
  readonly sort = model<string | undefined>();
  readonly text = model<string | undefined>();
  readonly details = output<number>();
  readonly compare = output();

  protected readonly selection = inject(SelectionStore);
  protected readonly tools = tools;
  protected readonly table = table;
  readonly #element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #width = signal(0);

  protected readonly tileHeight = 272;

  protected readonly isTable = computed(() => this.view() === 'table');
  protected readonly order = computed(() => {
    const sort = this.sort();
    return isSort(sort) ? sort : 'newest';
  });
  protected readonly wanted = computed(() => {
    const status = this.status();
    return isStatus(status) ? status : null;
  });
  protected readonly listed = computed(() =>
    listedTrials(this.trials(), {
      status: this.wanted(),
      sort: this.order(),
      text: this.text() ?? '',
      only: this.selection.brushed(),
    }),
  );
  protected readonly rows = computed(() => {
    const least = this.#width() < NARROW ? TILE_WIDTH_NARROW : TILE_WIDTH;
    const columns = Math.max(1, Math.floor((this.#width() + GAP) / (least + GAP)));
    const listed = this.listed();
    const rows: TrialView[][] = [];
    for (let i = 0; i < listed.length; i += columns) rows.push(listed.slice(i, i + columns));
    return { columns, rows };
  });
  constructor() {
    const sizes = new ResizeObserver(([entry]) => {
      if (entry) this.#width.set(entry.contentRect.width);
    });
    sizes.observe(this.#element);
    inject(DestroyRef).onDestroy(() => sizes.disconnect());
  }

  protected epochsOf(trial: TrialView): readonly EpochSummary[] {
    return this.state().trials[trial.number]?.epochs ?? [];
  }

  protected readonly byPlace = (place: number): number => place;
}
