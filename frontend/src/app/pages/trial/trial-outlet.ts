import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'on-trial-outlet',
  template: '',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TrialOutlet {}
