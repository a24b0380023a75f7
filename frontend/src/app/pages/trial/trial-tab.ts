import { signal } from '@angular/core';

/** Which tab of a trial's dialog is open; the outlet keeps it in the address. */
export class TrialTab {
  readonly current = signal<string | undefined>(undefined);
}
