import { ScrollingModule } from '@angular/cdk/scrolling';
import { Component, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatIcon } from '@angular/material/icon';
import { formatCount, formatShare } from '@onegin/charts/format';
import { hasOutcome, type StudyState, type TrialView } from '@onegin/contracts';
import { StatusMark } from '../../parts/status/status-mark.ts';
import { SelectionStore } from '../../state/selection-store.ts';
import { scoreOf, scoreText, tookText } from './job-words.ts';

/** Trials as a table; only the rows in sight exist. */
@Component({
  selector: 'on-trial-rows',
  imports: [MatButton, MatCheckbox, MatIcon, ScrollingModule, StatusMark],
  templateUrl: './trial-rows.html',
  styleUrl: './trial-rows.scss',
})
export class TrialRows {
  readonly state = input.required<StudyState>();
  readonly trials = input.required<readonly TrialView[]>();
  readonly details = output<number>();

  protected readonly selection = inject(SelectionStore);
  protected readonly rowHeight = 40;

  protected readonly byNumber = (_: number, trial: TrialView): number => trial.number;
  protected readonly isComplete = (trial: TrialView): boolean => hasOutcome(trial.status);
  protected readonly score = (trial: TrialView): string => scoreText(scoreOf(trial));
  protected readonly share = formatShare;
  protected readonly count = formatCount;
  protected readonly took = tookText;
}
