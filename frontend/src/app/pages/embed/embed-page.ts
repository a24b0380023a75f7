import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'on-embed-page',
  template: `<div class="content"><h1>Study</h1></div>`,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class EmbedPage {}
