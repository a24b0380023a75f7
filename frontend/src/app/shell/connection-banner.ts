import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { LiveConnection } from '../live/live-connection.ts';

/** Says that what is shown stands still, and that nothing is lost by it. */
@Component({
  selector: 'on-connection-banner',
  imports: [MatButton, MatIcon],
  template: `
    <div role="status" class="place">
      @if (live.isLost()) {
        <div class="content banner">
          <mat-icon svgIcon="cloud-off" aria-hidden="true" />
          <span>Connection lost. What runs goes on; this page catches up when it is back.</span>
          <button matButton type="button" (click)="live.retry()">Try now</button>
        </div>
      }
    </div>
  `,
  styles: `
    .place {
      background: var(--on-bad-tint);
    }
    .banner {
      display: flex;
      align-items: center;
      gap: 8px 12px;
      flex-wrap: wrap;
      padding-block: 6px;
    }
    .banner span {
      flex: 1 1 16rem;
    }
  `,
})
export class ConnectionBanner {
  protected readonly live = inject(LiveConnection);
}
