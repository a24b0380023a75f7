import { Component, computed, inject } from '@angular/core';
import { MAT_DIALOG_DATA } from '@angular/material/dialog';
import { formatCount, formatShare } from '@onegin/charts/format';
import type { JobSummary } from '@onegin/contracts';
import { ComparisonDialog, comparisonRow, valueText } from '../../parts/comparison/comparison-dialog.ts';
import { scoreOf, scoreText, tookText } from '../job/job-words.ts';
import { doneTrials } from './job-filter.ts';

/** Jobs side by side: what was asked, what came out, and the best parameters. */
@Component({
  selector: 'on-compare-jobs',
  imports: [ComparisonDialog],
  template: `<on-comparison-dialog title="Compare jobs" [rows]="rows()" />`,
})
export class CompareJobs {
  readonly #jobs = inject<readonly JobSummary[]>(MAT_DIALOG_DATA);
  protected readonly rows = computed(() => {
    const row = (name: string, cellOf: (job: JobSummary) => string) =>
      comparisonRow(name, this.#jobs, cellOf);
    const names = new Set(this.#jobs.flatMap(({ bestTrial }) => Object.keys(bestTrial?.params ?? {})));
    return [
      row('job', (job) => job.name ?? job.runName),
      row('dataset', ({ dataset }) => dataset),
      row('mode', ({ mode }) => mode),
      row('status', ({ status }) => status),
      row('trials', (job) => `${doneTrials(job)}/${job.progress.totalTrials}`),
      row('took', tookText),
      row('best score', ({ bestTrial }) => (bestTrial ? scoreText(scoreOf(bestTrial)) : '–')),
      row('accuracy', ({ bestTrial }) => formatShare(bestTrial?.accuracy, 4)),
      row('health', ({ bestTrial }) => bestTrial?.healthScore?.toFixed(3) ?? '–'),
      row('parameters', ({ bestTrial }) => formatCount(bestTrial?.parameterCount)),
      ...[...names].map((name) => row(name, ({ bestTrial }) => valueText(bestTrial?.params[name]))),
    ];
  });
}
