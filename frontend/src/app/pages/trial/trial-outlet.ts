import { Component, DestroyRef, effect, inject, Injector, input, untracked } from '@angular/core';
import { MatDialog, type MatDialogRef } from '@angular/material/dialog';
import { ActivatedRoute, Router } from '@angular/router';
import { TrialDialog } from './trial-dialog.ts';
import { TrialStore } from './trial-store.ts';

/** The address of a trial's details: shows the dialog over the job's page, and leaves when it is closed. */
@Component({
  selector: 'on-trial-outlet',
  template: '',
  providers: [TrialStore],
})
export class TrialOutlet {
  readonly number = input.required<string>();
  /** Which tab is open. */
  readonly tab = input<string>();

  readonly #router = inject(Router);
  readonly #route = inject(ActivatedRoute);
  readonly #dialog = inject(MatDialog);
  readonly #injector = inject(Injector);
  readonly #store = inject(TrialStore);
  #opened: MatDialogRef<TrialDialog> | null = null;
  #leaving = false;

  constructor() {
    effect(() => this.#store.show(Number(this.number())));
    effect(() => this.#store.tab.set(this.tab()));
    effect(() => {
      const tab = this.#store.tab();
      if (tab !== untracked(this.tab)) void this.#navigate([], { tab: tab ?? null });
    });
    this.#open();
    inject(DestroyRef).onDestroy(() => {
      this.#leaving = true;
      this.#opened?.close();
    });
  }

  #open(): void {
    this.#opened = this.#dialog.open(TrialDialog, {
      injector: this.#injector,
      width: 'min(1100px, 96vw)',
      maxWidth: '96vw',
      maxHeight: '92dvh',
      autoFocus: 'first-heading',
    });
    this.#opened.afterClosed().subscribe(() => {
      if (!this.#leaving) void this.#navigate(['../..'], { tab: null });
    });
  }

  #navigate(to: string[], queryParams: Record<string, string | null>): Promise<boolean> {
    return this.#router.navigate(to, {
      relativeTo: this.#route,
      queryParams,
      queryParamsHandling: 'merge',
      replaceUrl: to.length === 0,
    });
  }
}
