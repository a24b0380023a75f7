import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'on-trainers-page',
  template: `<div class="content"><h1>Trainers</h1></div>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TrainersPage {}
