import { Component, inject, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import { MatInputModule } from '@angular/material/input';
import { toApiError } from './api-error.ts';

@Component({
  selector: 'on-sign-in-dialog',
  imports: [FormsModule, MatButton, MatDialogActions, MatDialogContent, MatDialogTitle, MatInputModule],
  template: `
    <h2 mat-dialog-title>Sign in</h2>
    <form (submit)="submit($event)">
      <mat-dialog-content>
        <p>This Onegin asks for a key. Its operator can make one for you.</p>
        <mat-form-field style="width: 100%">
          <mat-label>Key</mat-label>
          <input
            matInput
            type="password"
            name="key"
            autocomplete="current-password"
            required
            cdkFocusInitial
            [(ngModel)]="key"
          />
        </mat-form-field>
        @if (problem(); as text) {
          <mat-error role="alert">{{ text }}</mat-error>
        }
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button mat-button type="button" (click)="dialog.close(false)">Not now</button>
        <button mat-flat-button type="submit" [disabled]="busy() || key.trim() === ''">Sign in</button>
      </mat-dialog-actions>
    </form>
  `,
})
export class SignInDialog {
  protected readonly dialog = inject<MatDialogRef<SignInDialog, boolean>>(MatDialogRef);
  readonly #withKey = inject<(key: string) => Promise<void>>(MAT_DIALOG_DATA);
  protected key = '';
  protected readonly busy = signal(false);
  protected readonly problem = signal<string | null>(null);

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    this.busy.set(true);
    this.problem.set(null);
    try {
      await this.#withKey(this.key.trim());
      this.dialog.close(true);
    } catch (error) {
      this.problem.set(toApiError(error).message);
    } finally {
      this.busy.set(false);
    }
  }
}
