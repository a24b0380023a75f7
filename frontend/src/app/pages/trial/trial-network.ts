import { ChangeDetectionStrategy, Component } from '@angular/core';

/** The trial's network as a diagram. */
@Component({
  selector: 'on-trial-network',
  template: '',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TrialNetwork {}
