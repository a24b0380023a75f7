import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogClose, MatDialogContent, MatDialogTitle } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { formatCount, formatNumber, formatSeconds, formatShare } from '@onegin/charts';
import type { JobSummary } from '@onegin/contracts';
import { scoreOf, scoreText } from '../job/job-words.ts';
import { doneTrials } from './job-filter.ts';

/** Jobs side by side: what was asked, what came out, and the best parameters. */
@Component({
  selector: 'on-compare-jobs',
  imports: [MatDialogClose, MatDialogContent, MatDialogTitle, MatIcon, MatIconButton],
  template: `
    <div class="bar">
      <h2 mat-dialog-title>Compare jobs</h2>
      <button matIconButton type="button" mat-dialog-close aria-label="Close">
        <mat-icon svgIcon="close" />
      </button>
    </div>
    <mat-dialog-content tabindex="0">
      <table>
        <tbody>
          @for (row of rows(); track row.name) {
            <tr [class.differs]="row.differs">
              <th scope="row">{{ row.name }}</th>
              @for (cell of row.cells; track $index) {
                <td>{{ cell }}</td>
              }
            </tr>
          }
        </tbody>
      </table>
    </mat-dialog-content>
  `,
  styles: `
    .bar {
      display: flex;
      align-items: center;
      padding-right: 12px;
    }
    h2 {
      flex: 1;
      margin: 0;
    }
    table {
      border-collapse: collapse;
      color: var(--on-text);
    }
    th,
    td {
      padding: 4px 20px 4px 0;
      text-align: left;
      border-bottom: 1px solid var(--on-grid);
    }
    th {
      font-weight: 400;
      color: var(--on-muted);
    }
    .differs td {
      font-weight: 600;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CompareJobs {
  private readonly jobs = inject<readonly JobSummary[]>(MAT_DIALOG_DATA);
  protected readonly rows = computed(() => {
    const row = (name: string, cellOf: (job: JobSummary) => string) => {
      const cells = this.jobs.map(cellOf);
      return { name, cells, differs: new Set(cells).size > 1 };
    };
    const names = new Set(this.jobs.flatMap(({ bestTrial }) => Object.keys(bestTrial?.params ?? {})));
    return [
      row('job', (job) => job.name ?? job.runName),
      row('dataset', ({ dataset }) => dataset),
      row('mode', ({ mode }) => mode),
      row('status', ({ status }) => status),
      row('trials', (job) => `${doneTrials(job)}/${job.progress.totalTrials}`),
      row('took', ({ startedAt, endedAt }) =>
        formatSeconds(startedAt === null || endedAt === null ? null : (endedAt - startedAt) / 1000),
      ),
      row('best score', ({ bestTrial }) => (bestTrial ? scoreText(scoreOf(bestTrial)) : '–')),
      row('accuracy', ({ bestTrial }) => formatShare(bestTrial?.accuracy, 4)),
      row('health', ({ bestTrial }) => bestTrial?.healthScore?.toFixed(3) ?? '–'),
      row('parameters', ({ bestTrial }) =>
        bestTrial?.parameterCount == null ? '–' : formatCount(bestTrial.parameterCount),
      ),
      ...[...names].map((name) =>
        row(name, ({ bestTrial }) => {
          const value = bestTrial?.params[name];
          return typeof value === 'number' ? formatNumber(value) : String(value ?? '–');
        }),
      ),
    ];
  });
}
