import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'on-new-job-page',
  template: `<div class="content"><h1>New job</h1></div>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class NewJobPage {}
