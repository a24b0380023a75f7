import { Component, computed, inject } from '@angular/core';
import { MAT_DIALOG_DATA } from '@angular/material/dialog';
import { formatCount, formatShare } from '@onegin/charts/format';
import type { StudyState, TrialView } from '@onegin/contracts';
import { ComparisonDialog, comparisonRow, valueText } from '../../parts/comparison/comparison-dialog.ts';
import { scoreOf, scoreText } from './job-words.ts';

/** Trials side by side. */
@Component({
  selector: 'on-compare-dialog',
  imports: [ComparisonDialog],
  template: `<on-comparison-dialog title="Compare trials" [heads]="heads()" [rows]="rows()" />`,
})
export class CompareDialog {
  readonly #data = inject<{ trials: TrialView[]; state: StudyState }>(MAT_DIALOG_DATA);
  protected readonly heads = computed(() =>
    this.#data.trials.map(({ number }) => `#${number}${number === this.#data.state.best ? ' ★' : ''}`),
  );
  protected readonly rows = computed(() => {
    const { trials, state } = this.#data;
    const row = (name: string, cellOf: (trial: TrialView) => string) => comparisonRow(name, trials, cellOf);
    return [
      row('score', (trial) => scoreText(scoreOf(trial))),
      row('accuracy', ({ accuracy }) => formatShare(accuracy, 4)),
      row('health', ({ healthScore }) => healthScore?.toFixed(3) ?? '–'),
      row('parameters', ({ parameterCount }) => formatCount(parameterCount)),
      row('epochs', ({ epochsDone }) => String(epochsDone)),
      ...Object.keys(state.config.space).map((name) => row(name, ({ params }) => valueText(params[name]))),
    ];
  });
}
