/** Things side by side in a dialog; rows in which they differ stand out. */
import { Component, input } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatDialogClose, MatDialogContent, MatDialogTitle } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { formatNumber } from '@onegin/charts/format';
import type { ParamValue } from '@onegin/contracts';

export interface ComparisonRow {
  readonly name: string;
  readonly cells: readonly string[];
  readonly differs: boolean;
}

/** Makes a row of what is compared. */
export function comparisonRow<Thing>(
  name: string,
  things: readonly Thing[],
  cellOf: (thing: Thing) => string,
): ComparisonRow {
  const cells = things.map(cellOf);
  return { name, cells, differs: new Set(cells).size > 1 };
}

/** A parameter's value; `–` where it has none. */
export const valueText = (value: ParamValue | undefined): string =>
  value === undefined ? '–' : typeof value === 'number' ? formatNumber(value) : String(value);

@Component({
  selector: 'on-comparison-dialog',
  imports: [MatDialogClose, MatDialogContent, MatDialogTitle, MatIcon, MatIconButton],
  template: `
    <div class="bar">
      <h2 mat-dialog-title>{{ title() }}</h2>
      <button matIconButton type="button" mat-dialog-close aria-label="Close">
        <mat-icon svgIcon="close" />
      </button>
    </div>
    <mat-dialog-content tabindex="0">
      <table>
        @if (heads().length > 0) {
          <thead>
            <tr>
              <th scope="col"><span class="visually-hidden">What</span></th>
              @for (head of heads(); track $index) {
                <th scope="col">{{ head }}</th>
              }
            </tr>
          </thead>
        }
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
      padding: 4px 18px 4px 0;
      text-align: left;
      border-bottom: 1px solid var(--on-grid);
    }
    tbody th {
      font-weight: 400;
      color: var(--on-muted);
    }
    .differs td {
      font-weight: 600;
    }
  `,
})
export class ComparisonDialog {
  readonly title = input.required<string>();
  readonly heads = input<readonly string[]>([]);
  readonly rows = input.required<readonly ComparisonRow[]>();
}
