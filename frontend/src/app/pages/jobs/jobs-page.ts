import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { OverviewStore } from '../../state/overview-store.ts';

@Component({
  selector: 'on-jobs-page',
  imports: [RouterLink],
  template: `
    <div class="content">
      <h1>Jobs</h1>
      @for (job of overview.jobs(); track job.jobId) {
        <p>
          <a [routerLink]="['/jobs', job.jobId]">{{ job.name ?? job.runName }}</a> {{ job.status }}
        </p>
      }
    </div>
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class JobsPage {
  protected readonly overview = inject(OverviewStore);

  constructor() {
    this.overview.look();
  }
}
