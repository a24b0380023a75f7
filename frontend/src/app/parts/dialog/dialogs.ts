/** Dialogs and messages. What they are made of is fetched with the first of each, not with the page. */
import { effect, inject, Injectable, Injector, type Type } from '@angular/core';
import type { MatDialogConfig } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { IdleTrigger } from '../../state/idle-trigger.ts';
import { retryImport } from '../lazy/retry-import.ts';

const fetchDialog = () => retryImport(() => import('./material-dialog.ts'));
const fetchSnackBar = () => retryImport(() => import('./material-snack-bar.ts'));

const SHOWN_MS = 8000;

@Injectable({ providedIn: 'root' })
export class Dialogs {
  readonly #injector = inject(Injector);

  constructor() {
    const idle = inject(IdleTrigger);
    // What says that Onegin is unreachable must be here by then.
    effect(() => {
      if (idle.hasFired()) void Promise.all([fetchDialog(), fetchSnackBar()]);
    });
  }

  /**
   * @param fetchContent its component
   * @returns what the dialog was closed with; undefined where the person left it
   */
  async open<Answer>(
    fetchContent: () => Promise<Type<unknown>>,
    config: MatDialogConfig = {},
  ): Promise<Answer | undefined> {
    const [{ MatDialog }, content] = await Promise.all([fetchDialog(), retryImport(fetchContent)]);
    const opened = this.#injector.get(MatDialog).open<unknown, unknown, Answer>(content, config);
    return firstValueFrom(opened.afterClosed(), { defaultValue: undefined });
  }

  /** Says something at the edge of the page for a few seconds. */
  async say(message: string): Promise<void> {
    const { MatSnackBar } = await fetchSnackBar();
    this.#injector.get(MatSnackBar).open(message, 'Close', { duration: SHOWN_MS });
  }
}
