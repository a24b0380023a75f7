import { Component, computed, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatIcon } from '@angular/material/icon';
import { formatCount, formatShare } from '@onegin/charts/format';
import { hasOutcome, rampColor, VIRIDIS, type EpochSummary, type TrialView } from '@onegin/contracts';
import { SparkLine } from '../../parts/chart/spark-line.ts';
import { LazyPart } from '../../parts/lazy/lazy-part.ts';
import { Near } from '../../parts/lazy/near.ts';
import { StatusMark } from '../../parts/status/status-mark.ts';
import { scoreOf, scoreText } from './job-words.ts';

const checkbox = new LazyPart(() => import('@angular/material/checkbox'));

/** One trial at a glance. Only its button opens the details, and only once there is something to see. */
@Component({
  selector: 'on-trial-tile',
  imports: [MatButton, MatCheckbox, MatIcon, Near, SparkLine, StatusMark],
  template: `
    <div class="head">
      <h3>
        @if (isBest()) {
          <mat-icon svgIcon="star" aria-label="Best trial" role="img" />
        }
        Trial {{ trial().number }}
      </h3>
      @defer (when checkbox.isHere()) {
        <mat-checkbox
          [checked]="isChosen()"
          (change)="choose.emit()"
          [aria-label]="'Compare trial ' + trial().number"
        />
      } @placeholder {
        <span [onNear]="checkbox"></span>
      }
    </div>
    <p class="score">{{ score() }}</p>
    <on-status-mark [status]="trial().status" />
    <on-spark-line [values]="accuracies()" />
    <dl>
      <div>
        <dt>accuracy</dt>
        <dd>{{ accuracy() }}</dd>
      </div>
      <div>
        <dt>health</dt>
        <dd>
          @if (trial().healthScore !== null) {
            <span class="dot" [style.background]="healthColor()"></span>
          }
          {{ health() }}
        </dd>
      </div>
      <div>
        <dt>parameters</dt>
        <dd>{{ size() }}</dd>
      </div>
    </dl>
    <button
      class="details"
      matButton="outlined"
      type="button"
      [disabled]="!isComplete()"
      [attr.aria-label]="'View details of trial ' + trial().number"
      (click)="details.emit()"
    >
      View details
    </button>
  `,
  host: { '[class.best]': 'isBest()', '[class.lit]': 'isLit()' },
  styleUrl: './trial-tile.scss',
})
export class TrialTile {
  readonly trial = input.required<TrialView>();
  readonly epochs = input<readonly EpochSummary[]>([]);
  readonly isBest = input(false);
  readonly isChosen = input(false);
  readonly isLit = input(false);
  readonly details = output();
  readonly choose = output();

  protected readonly checkbox = checkbox;
  protected readonly score = computed(() => scoreText(scoreOf(this.trial())));
  protected readonly isComplete = computed(() => hasOutcome(this.trial().status));
  protected readonly accuracy = computed(() =>
    formatShare(this.trial().accuracy ?? this.trial().lastEpoch?.validationAccuracy ?? null),
  );
  protected readonly health = computed(() => this.trial().healthScore?.toFixed(2) ?? '–');
  protected readonly healthColor = computed(() => rampColor(VIRIDIS, this.trial().healthScore ?? 0));
  protected readonly size = computed(() => formatCount(this.trial().parameterCount));
  protected readonly accuracies = computed(() => {
    // The list of epochs grows in place; the row is new when it has.
    this.trial();
    return this.epochs().map(({ validationAccuracy }) => validationAccuracy);
  });
}
