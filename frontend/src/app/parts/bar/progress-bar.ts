import { Component, computed, input } from '@angular/core';

/** How far something is, in [0, 1]; the words stand beside it. */
@Component({
  selector: 'on-progress-bar',
  template: `<div class="fill" [style.width.%]="percent()"></div>`,
  host: {
    role: 'progressbar',
    'aria-valuemin': '0',
    'aria-valuemax': '100',
    '[attr.aria-valuenow]': 'percent()',
    '[attr.aria-label]': 'label()',
  },
  styles: `
    :host {
      display: block;
      height: 6px;
      border-radius: 3px;
      background: var(--on-sunken);
      overflow: hidden;
    }
    .fill {
      height: 100%;
      background: var(--on-busy);
      transition: width var(--on-motion) linear;
    }
  `,
})
export class ProgressBar {
  readonly value = input.required<number>();
  readonly label = input.required<string>();
  protected readonly percent = computed(
    () => Math.round(1000 * Math.min(1, Math.max(0, this.value() || 0))) / 10,
  );
}
