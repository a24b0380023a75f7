import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'on-learn-page',
  template: `<div class="content"><h1>Learn</h1></div>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class LearnPage {}
