import { Component, inject } from '@angular/core';
import { TrialArchitecture } from '../../architecture/index.ts';
import { TrialStore } from './trial-store.ts';

/** The trial's network as a diagram; fetched with its libraries when the tab is opened. */
@Component({
  selector: 'on-trial-network',
  imports: [TrialArchitecture],
  template: `
    @if (trial.number() !== null) {
      @defer (on immediate) {
        <on-trial-architecture [number]="trial.number() ?? 0" />
      } @placeholder {
        <div class="skeleton"></div>
      }
    }
  `,
  styles: `
    .skeleton {
      height: 400px;
    }
  `,
})
export class TrialNetwork {
  protected readonly trial = inject(TrialStore);
}
