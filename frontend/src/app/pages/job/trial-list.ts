import { ScrollingModule } from '@angular/cdk/scrolling';
import {
  ChangeDetectionStrategy,
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
import { FormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatButtonToggle, MatButtonToggleGroup } from '@angular/material/button-toggle';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatFormField, MatLabel } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import { formatCount, formatSeconds, formatShare } from '@onegin/charts';
import {
  hasOutcome,
  trainingStatuses,
  type EpochSummary,
  type StudyState,
  type TrialView,
} from '@onegin/contracts';
import { StatusMark } from '../../parts/status/status-mark.ts';
import { SelectionStore } from '../../state/selection-store.ts';
import { scoreOf, scoreText } from './job-words.ts';
import { isSort, isStatus, listedTrials, SORTS } from './trial-filter.ts';
import { TrialTile } from './trial-tile.ts';

const TILE_WIDTH = 190;
/** On a phone two stand beside each other. */
const TILE_WIDTH_NARROW = 150;
const NARROW = 500;
const GAP = 12;

/** Every trial as tiles or as a table, filtered and sorted; only the rows in sight exist. */
@Component({
  selector: 'on-trial-list',
  imports: [
    FormsModule,
    MatButton,
    MatButtonToggle,
    MatButtonToggleGroup,
    MatCheckbox,
    MatFormField,
    MatIcon,
    MatInput,
    MatLabel,
    MatOption,
    MatSelect,
    ScrollingModule,
    StatusMark,
    TrialTile,
  ],
  templateUrl: './trial-list.html',
  styleUrl: './trial-list.scss',
  changeDetection: ChangeDetectionStrategy.OnPush,
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
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly width = signal(0);

  protected readonly sorts = Object.entries(SORTS);
  protected readonly statuses = trainingStatuses;
  protected readonly tileHeight = 272;
  protected readonly rowHeight = 40;

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
    const least = this.width() < NARROW ? TILE_WIDTH_NARROW : TILE_WIDTH;
    const columns = Math.max(1, Math.floor((this.width() + GAP) / (least + GAP)));
    const listed = this.listed();
    const rows: TrialView[][] = [];
    for (let i = 0; i < listed.length; i += columns) rows.push(listed.slice(i, i + columns));
    return { columns, rows };
  });
  constructor() {
    const sizes = new ResizeObserver(([entry]) => {
      if (entry) this.width.set(entry.contentRect.width);
    });
    sizes.observe(this.element);
    inject(DestroyRef).onDestroy(() => sizes.disconnect());
  }

  protected epochsOf(trial: TrialView): readonly EpochSummary[] {
    return this.state().trials[trial.number]?.epochs ?? [];
  }

  protected readonly byNumber = (_: number, trial: TrialView): number => trial.number;
  protected readonly byPlace = (place: number): number => place;
  protected readonly isComplete = (trial: TrialView): boolean => hasOutcome(trial.status);
  protected readonly score = (trial: TrialView): string => scoreText(scoreOf(trial));
  protected readonly share = formatShare;
  protected readonly count = (value: number | null): string => (value === null ? '–' : formatCount(value));
  protected readonly took = ({ startedAt, endedAt }: TrialView): string =>
    formatSeconds(startedAt === null || endedAt === null ? null : (endedAt - startedAt) / 1000);
}
