import { Component } from '@angular/core';
import { MatExpansionModule } from '@angular/material/expansion';
import { LogPanel } from './log-panel.ts';

/** The logs of a job, folded away until somebody wants to read. */
@Component({
  selector: 'on-job-log',
  imports: [LogPanel, MatExpansionModule],
  template: `
    <mat-expansion-panel>
      <mat-expansion-panel-header>
        <mat-panel-title>Log</mat-panel-title>
      </mat-expansion-panel-header>
      <ng-template matExpansionPanelContent>
        <on-log-panel />
      </ng-template>
    </mat-expansion-panel>
  `,
  styles: `
    mat-expansion-panel {
      box-shadow: none !important;
      border: 1px solid var(--on-rule);
    }
  `,
})
export class JobLog {}
