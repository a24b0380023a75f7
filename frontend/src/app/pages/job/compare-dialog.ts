import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogClose, MatDialogContent, MatDialogTitle } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { formatCount, formatNumber, formatShare } from '@onegin/charts';
import type { ParamValue, StudyState, TrialView } from '@onegin/contracts';
import { scoreOf, scoreText } from './job-words.ts';

interface Row {
  readonly name: string;
  readonly cells: readonly string[];
  readonly differs: boolean;
}

const text = (value: ParamValue | undefined): string =>
  value === undefined ? '–' : typeof value === 'number' ? formatNumber(value) : String(value);

/** Trials side by side; rows in which they differ stand out. */
@Component({
  selector: 'on-compare-dialog',
  imports: [MatDialogClose, MatDialogContent, MatDialogTitle, MatIcon, MatIconButton],
  template: `
    <div class="bar">
      <h2 mat-dialog-title>Compare trials</h2>
      <button matIconButton type="button" mat-dialog-close aria-label="Close">
        <mat-icon svgIcon="close" />
      </button>
    </div>
    <mat-dialog-content tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col"><span class="visually-hidden">What</span></th>
            @for (trial of data.trials; track trial.number) {
              <th scope="col">#{{ trial.number }}{{ trial.number === data.state.best ? ' ★' : '' }}</th>
            }
          </tr>
        </thead>
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
      padding: 4px 16px 4px 0;
      text-align: right;
      border-bottom: 1px solid var(--on-grid);
      white-space: nowrap;
    }
    tbody th {
      text-align: left;
      font-weight: 400;
      color: var(--on-muted);
    }
    .differs td {
      font-weight: 600;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class CompareDialog {
  protected readonly data = inject<{ trials: TrialView[]; state: StudyState }>(MAT_DIALOG_DATA);
  protected readonly rows = computed<Row[]>(() => {
    const { trials, state } = this.data;
    const row = (name: string, cellOf: (trial: TrialView) => string): Row => {
      const cells = trials.map(cellOf);
      return { name, cells, differs: new Set(cells).size > 1 };
    };
    return [
      row('score', (trial) => scoreText(scoreOf(trial))),
      row('accuracy', ({ accuracy }) => formatShare(accuracy, 4)),
      row('health', ({ healthScore }) => healthScore?.toFixed(3) ?? '–'),
      row('parameters', ({ parameterCount }) =>
        parameterCount === null ? '–' : formatCount(parameterCount),
      ),
      row('epochs', ({ epochsDone }) => String(epochsDone)),
      ...Object.keys(state.config.space).map((name) => row(name, ({ params }) => text(params[name]))),
    ];
  });
}
