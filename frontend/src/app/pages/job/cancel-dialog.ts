import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogTitle,
} from '@angular/material/dialog';

@Component({
  selector: 'on-cancel-dialog',
  imports: [MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle],
  template: `
    <h2 mat-dialog-title>Cancel this job?</h2>
    <mat-dialog-content>
      <p>{{ title }}: running trials stop, no model is made. Trials that are completed stay.</p>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" [mat-dialog-close]="false" cdkFocusInitial>Go on</button>
      <button matButton="filled" type="button" [mat-dialog-close]="true">Cancel the job</button>
    </mat-dialog-actions>
  `,
})
export class CancelDialog {
  protected readonly title = inject<string>(MAT_DIALOG_DATA);
}
