/** Dialogs and messages. What they are made of is fetched with the first of each, not with the page. */
import { inject, Injectable, Injector, type Type } from '@angular/core';
import type { MatDialogConfig } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';

const SHOWN_MS = 8000;

@Injectable({ providedIn: 'root' })
export class Dialogs {
  private readonly injector = inject(Injector);

  /**
   * @param fetchContent its component
   * @returns what the dialog was closed with; undefined where the person left it
   */
  async open<Answer>(
    fetchContent: () => Promise<Type<unknown>>,
    config: MatDialogConfig = {},
  ): Promise<Answer | undefined> {
    const [{ MatDialog }, content] = await Promise.all([import('./material-dialog.ts'), fetchContent()]);
    const opened = this.injector.get(MatDialog).open<unknown, unknown, Answer>(content, config);
    return firstValueFrom(opened.afterClosed(), { defaultValue: undefined });
  }

  /** Says something at the edge of the page for a few seconds. */
  async say(message: string): Promise<void> {
    const { MatSnackBar } = await import('./material-snack-bar.ts');
    this.injector.get(MatSnackBar).open(message, 'Close', { duration: SHOWN_MS });
  }
}
