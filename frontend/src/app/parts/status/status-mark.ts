import { Component, computed, input } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import type { JobStatus, TrainingStatus } from '@onegin/contracts';
import type { IconName } from '../icon/icons.ts';

type Status = JobStatus | TrainingStatus;

const LOOKS: Record<Status, { icon: IconName; tint: string }> = {
  queued: { icon: 'hourglass', tint: 'idle' },
  running: { icon: 'play', tint: 'busy' },
  finalizing: { icon: 'play', tint: 'busy' },
  paused: { icon: 'pause', tint: 'wait' },
  failing: { icon: 'warning', tint: 'bad' },
  pruned: { icon: 'cut', tint: 'pruned' },
  completed: { icon: 'check-circle', tint: 'good' },
  failed: { icon: 'error', tint: 'bad' },
  cancelled: { icon: 'block', tint: 'idle' },
};

/** A state as icon, word and tint together. */
@Component({
  selector: 'on-status-mark',
  imports: [MatIcon],
  template: `<mat-icon [svgIcon]="look().icon" aria-hidden="true" /><span>{{ status() }}</span>`,
  host: { '[style.color]': 'color()' },
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      white-space: nowrap;
    }
    mat-icon {
      width: 18px;
      height: 18px;
      flex: none;
    }
  `,
})
export class StatusMark {
  readonly status = input.required<Status>();
  protected readonly look = computed(() => LOOKS[this.status()]);
  protected readonly color = computed(() => `var(--on-${this.look().tint})`);
}
